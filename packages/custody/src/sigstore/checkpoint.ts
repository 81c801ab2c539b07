import type { Crypto } from "custody/ground";
import { equalBytes, parseHex, utf8 } from "custody/ground";
import type { Checkpoint, NoteSignature } from "custody/note";
import { parseCheckpoint, parseNote } from "custody/note";

import { attempt } from "./reasons.ts";
import type { RootLog } from "./trusted-root.ts";

/** What Rekor v1 puts behind its name: the number of the tree, one for each shard. */
const shardSuffix = /^ - [0-9]{1,20}$/;

/**
 * The checkpoint of a note that this log signed, or undefined: not a note, not a checkpoint, another log's, or a
 * signature that is not the log's. Signatures by keys that are not known count for nothing and harm nothing (C2SP
 * signed-note); every one that claims the log's own name and key must be good.
 */
export async function findSignedCheckpoint(
  crypto: Crypto,
  note: string,
  log: RootLog,
): Promise<Checkpoint | undefined> {
  const parsed = attempt(() => parseNote(note));
  const checkpoint = parsed && attempt(() => parseCheckpoint(parsed.text));
  if (!parsed || !checkpoint || !isOriginOf(log, checkpoint.origin)) return undefined;
  const own = parsed.signatures.filter((signature) => isBy(log, signature));
  for (const { signature } of own) {
    if (!(await crypto.verify(log.publicKey, signature, utf8(parsed.text)))) return undefined;
  }
  return own.length > 0 ? checkpoint : undefined;
}

function isOriginOf({ origin }: RootLog, claimed: string): boolean {
  return (
    origin !== "" &&
    claimed.startsWith(origin) &&
    (claimed === origin || shardSuffix.test(claimed.slice(origin.length)))
  );
}

function isBy(log: RootLog, { name, keyId }: NoteSignature): boolean {
  return name === log.origin && equalBytes(parseHex(keyId), log.keyHint);
}
