import { Client } from "../client.ts";
import { exitCodes } from "../output.ts";
import type { Call } from "./call.ts";
import { getArgument } from "./call.ts";

export interface TokenOptions {
  readonly audience: string;
}

/** `custody token`: an identity token in which the server vouches for somebody, for Sigstore's clients. */
export async function token(call: Call<TokenOptions>): Promise<number> {
  const { options, output } = call;
  const identity = getArgument(call, 0);
  const client = await Client.open(options);
  const request = { identity, audience: options.audience };
  const issued = await client.send<{ readonly token: string }>("POST", "/identity-tokens", request);
  output.result({ identity, ...issued }, [issued.token]);
  return exitCodes.yes;
}
