import { Client } from "../client.ts";
import { exitCodes } from "../output.ts";
import type { Call } from "./call.ts";

interface SignInLink {
  readonly url: string;
  readonly expiresAt: string;
}

/** `custody console`: a link that signs in at the console, once and within ten minutes. */
export async function openConsole({ options, output }: Call): Promise<number> {
  const client = await Client.open(options);
  const link = await client.send<SignInLink>("POST", "/sign-in-links", {});
  output.result(link, [link.url]);
  return exitCodes.yes;
}
