import { nodeCrypto } from "@custody/node/crypto";
import { parseWitnessDemand } from "custody/evidence";
import { instantOf, utf8 } from "custody/ground";
import type { Json } from "custody/ground";
import { cosignCheckpoint, formatNote, formatVerifierKey, parseNote } from "custody/note";

import { makeWitness } from "../note/note.testing.ts";
import { at, bend } from "./bend.testing.ts";
import { start } from "./forge.testing.ts";

export const one = makeWitness(nodeCrypto, "one");
export const two = makeWitness(nodeCrypto, "two", "ml-dsa-44");
const rows = [one, two].map(({ key }) => `witness ${key.name} ${formatVerifierKey(key)}\n`).join("");
/** The demand that both cosign. */
export const both = parseWitnessDemand(nodeCrypto, utf8(`${rows}group g all one two\nquorum g\n`));
/** Where the checkpoint of a bundle's first log entry stands. */
export const checkpointPath = "verificationMaterial.tlogEntries.0.inclusionProof.checkpoint.envelope";

/** The bundle with cosignatures of its first checkpoint. */
export async function cosigned(
  bundle: Json,
  witnesses: readonly (typeof one)[],
  milliseconds = start,
): Promise<Json> {
  const { text, signatures } = parseNote(at(bundle, checkpointPath) as string);
  const lines = await Promise.all(
    witnesses.map(({ cosigner }) => cosignCheckpoint(nodeCrypto, cosigner, text, instantOf(milliseconds))),
  );
  return bend(bundle, checkpointPath, formatNote({ text, signatures: [...signatures, ...lines] }));
}
