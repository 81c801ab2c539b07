/** An upload under way. */
export interface Upload {
  readonly id: string;
  readonly repository: string;
  readonly sizeBytes: number;
}

/**
 * Uploads that arrive in chunks. An id cannot be guessed. What `append` has returned from is there for the next chunk,
 * also after a crash; uploads that nobody finished may be removed after a day.
 *
 * Faults: `blobs/disk-full`, `blobs/unavailable`, `blobs/too-large`.
 */
export interface UploadStore {
  create(repository: string): Promise<Upload>;
  find(id: string): Promise<Upload | undefined>;
  /**
   * Adds a chunk at `offset`, which must be the upload's size; undefined when it is not, or another chunk is being
   * added. A chunk that breaks off or is too large leaves the upload as it was.
   */
  append(
    id: string,
    offset: number,
    chunk: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<Upload | undefined>;
  /** Everything that was added, in order. */
  open(id: string): AsyncIterable<Uint8Array>;
  /** Removes it and says whether it was there. */
  delete(id: string): Promise<boolean>;
}
