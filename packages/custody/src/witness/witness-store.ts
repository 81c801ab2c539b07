/**
 * What a witness must never forget: for each log, the last checkpoint that it cosigned, as a note with the log's
 * signature and its own.
 *
 * What `replace` has returned from is durable: it survives the loss of the process and of power. When it fails, it may
 * or may not have done its work, and nothing may be answered. One store belongs to one witness.
 */
export interface WitnessStore {
  /** The note that was recorded last for a log, by its origin. */
  find(origin: string): Promise<string | undefined>;
  /**
   * Records a note in the place of the last one if that still is `expected` (undefined: if there is none), in one
   * step, and says whether it did. Of several that expect the same note, one succeeds.
   */
  replace(origin: string, note: string, expected: string | undefined): Promise<boolean>;
}
