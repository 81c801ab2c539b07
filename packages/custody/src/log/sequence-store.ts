import type { Bytes } from "custody/ground";

/**
 * The order of a log's entries, and its last published checkpoint: the two things that must never be lost or change.
 *
 * What a method has returned from is durable: it survives the loss of the process and of power. A method that fails
 * may or may not have done its work; the log asks again and copes with both. Several processes may use one store.
 */
export interface SequenceStore {
  /**
   * Ends the log for good: from then on `assign` and `publish` refuse with `log/frozen`, in every process. What was
   * assigned and not published yet never will be. Doing it again is no fault.
   */
  freeze(): Promise<void>;
  /**
   * Gives the entries the next free indices, in their order and without a gap, and keeps them; all or none.
   * Returns the first one's index. The first entry of a log has index 0.
   */
  assign(entries: readonly Bytes[]): Promise<number>;
  /** The entries from an index on, in order, at most `limit`; fewer only where there are no more. */
  readEntries(from: number, limit: number): Promise<readonly Bytes[]>;
  /** The note that was published last. */
  findCheckpoint(): Promise<string | undefined>;
  /**
   * Replaces the last published note if it still is `expected` (undefined: if there is none), and says whether it
   * did. Of several that expect the same note, one succeeds.
   */
  publish(note: string, expected: string | undefined): Promise<boolean>;
  /**
   * Runs `work` while no other process runs its own, as far as that can be known: it saves them from doing the same
   * work twice. Nothing relies on it; `publish` decides.
   */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}
