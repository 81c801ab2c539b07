import type { Bytes } from "custody/ground";

/**
 * A log's tiles and entry bundles, by their paths (C2SP tlog-tiles). What is there never changes.
 *
 * What `write` has returned from is durable. Several processes may write the same path at once.
 */
export interface TileStore {
  /**
   * Keeps the content under the path; does nothing when it is already there.
   *
   * @throws CustodyError `log/corrupt` when other content is there.
   */
  write(path: string, content: Bytes): Promise<void>;
  /** The whole content, or undefined where there is none. */
  read(path: string): Promise<Bytes | undefined>;
}
