import { createPublicKey } from "node:crypto";

import { openKeyFile } from "@custody/node/crypto";
import { utf8 } from "custody/ground";

import type { Call } from "../commands/call.ts";
import { getArgument } from "../commands/call.ts";
import { exitCodes } from "../output.ts";
import { writeNew } from "./root-file.ts";
import { keyIdOf } from "./rotate-root.ts";

/** `custody trust new-key`: a key for the root role, and beside it what others need to add it. */
export async function newKey(call: Call): Promise<number> {
  const path = getArgument(call, 0);
  const signer = await openKeyFile(path, "ed25519");
  const spki = Buffer.from(signer.publicKey.spki);
  const pem = createPublicKey({ key: spki, format: "der", type: "spki" }).export({
    format: "pem",
    type: "spki",
  });
  await writeNew(`${path}.pub`, utf8(pem.toString()));
  const id = keyIdOf(signer);
  call.output.result({ key: path, publicKey: `${path}.pub`, id }, [
    `the private key is in ${path}, readable by its owner only`,
    `key ${id}; add it with: custody trust rotate-root --key OLD --add ${path}.pub`,
  ]);
  return exitCodes.yes;
}
