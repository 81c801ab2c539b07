import type { Bytes } from "custody/ground";
import type { VerifiedCheckpoint } from "custody/note";

/** A checkpoint to be cosigned, and what shows each witness that it extends the one that it knows. */
export interface CosignRequest {
  readonly checkpoint: VerifiedCheckpoint;
  /** The consistency proof from a smaller tree (RFC 6962 §2.1.2). */
  prove(olderSize: number): Promise<readonly Bytes[]>;
}

/**
 * The witnesses that a log asks to cosign its checkpoints, and the policy that says which of them are enough.
 *
 * `cosign` answers in bounded time, and asks again those that failed as long as that lasts. The log calls it for one
 * checkpoint at a time, never for a smaller one than before, and may call it again for the same.
 */
export interface Witnesses {
  /**
   * The note with cosignatures that reach the quorum.
   *
   * @throws CustodyError `log/not-witnessed` when they do not come to that in time.
   */
  cosign(request: CosignRequest): Promise<string>;
}

/**
 * The last checkpoint of a log that reached its quorum, with its cosignatures.
 *
 * What `replace` has returned from is durable. Several processes may use one store.
 */
export interface WitnessedStore {
  find(): Promise<string | undefined>;
  /** Replaces the note if it still is `expected` (undefined: if there is none), and says whether it did. */
  replace(note: string, expected: string | undefined): Promise<boolean>;
}
