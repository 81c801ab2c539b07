import { allowed, equalBytes, refused } from "custody/ground";
import type { Verdict } from "custody/ground";
import { verifyConsistency } from "custody/merkle";
import type { Hasher } from "custody/merkle";
import type { Checkpoint } from "custody/note";

/**
 * Whether a client that remembers a log's checkpoint may replace it by another that the log signed. Both signatures
 * were verified before; `hashes` is the consistency proof between the two sizes (RFC 6962 §2.1.2), empty when they are
 * equal or the remembered tree is empty.
 *
 * Refused with `log/forked` (same size, another root), `log/rolled-back` (smaller), `log/inconsistent` (larger, but
 * not shown to extend it) and `log/other-log`. Whoever gets `log/forked` holds the proof: two signed notes.
 */
export function checkExtension(
  hasher: Hasher,
  remembered: Checkpoint,
  next: Checkpoint,
  hashes: readonly Uint8Array[],
): Verdict<Checkpoint> {
  const subject = next.origin;
  if (remembered.origin !== subject)
    return refused("log/other-log", subject, "the checkpoint is another log's");
  if (next.size < remembered.size) {
    return refused(
      "log/rolled-back",
      subject,
      `the log went back from ${remembered.size} to ${next.size} entries`,
    );
  }
  if (next.size === remembered.size) {
    return equalBytes(next.rootHash, remembered.rootHash)
      ? allowed(next)
      : refused("log/forked", subject, `the log signed two different trees of ${next.size} entries`);
  }
  return isExtension(hasher, remembered, next, hashes)
    ? allowed(next)
    : refused(
        "log/inconsistent",
        subject,
        `the tree of ${next.size} entries is not shown to extend the known one`,
      );
}

function isExtension(
  hasher: Hasher,
  remembered: Checkpoint,
  next: Checkpoint,
  hashes: readonly Uint8Array[],
): boolean {
  if (remembered.size === 0) return hashes.length === 0;
  try {
    verifyConsistency(hasher, remembered, next, hashes);
    return true;
  } catch {
    return false;
  }
}
