import { CustodyError } from "custody/ground";

import { defaultDirectory } from "../client.ts";
import type { Call } from "../commands/call.ts";
import { getArgument } from "../commands/call.ts";
import { exitCodes } from "../output.ts";
import { rotateOnlineKey } from "./rotate-root.ts";
import type { RotateOptions } from "./rotate-root.ts";

export type RotateKeyOptions = RotateOptions;

/** `custody trust rotate-key`: the repository's online key, or the key of one of the server's services. */
export async function rotateKey(call: Call<RotateKeyOptions>): Promise<number> {
  const name = getArgument(call, 0);
  if (name === "online") return rotateOnlineKey(call);
  const { isServiceKey, retireKey, serviceKeys } = await import("@custody/server/trust");
  if (!isServiceKey(name)) {
    throw new CustodyError("cli/usage", `there is no key ${name}`, {
      subject: name,
      next: `the keys are online, ${serviceKeys.join(", ")}`,
    });
  }
  const directory = call.options.dir ?? defaultDirectory();
  const retired = await retireKey(directory, name);
  call.output.result({ key: name, ...retired }, [
    `the ${name} key is retired since ${retired.end}; it lies in ${retired.folder}`,
    "the next start makes a new one, and the trust repository says so",
  ]);
  return exitCodes.yes;
}
