import type { Crypto, Digest } from "custody/ground";
import type { BlobStore } from "custody/oci";
import type { Sandbox } from "custody/runtime";

/**
 * Trees unpacked where sandboxes can read them.
 *
 * Durability: none, everything can be unpacked again. Concurrency: calls for one tree share the work. A place is for
 * reading; whoever uses it hashes it first.
 */
export interface Trees {
  /** Where the tree of an archive lies, unpacked from the blob store if it does not yet. */
  place(archive: Digest): Promise<string>;
  /** The digest that the archive of what lies there now has. */
  hash(place: string): Promise<Digest>;
  /** Takes a tree away, so that the next {@link place} unpacks it again. */
  forget(archive: Digest): Promise<void>;
}

export interface FactoryPorts {
  readonly crypto: Pick<Crypto, "sha256">;
  readonly sandbox: Sandbox;
  readonly blobs: Pick<BlobStore, "write" | "open">;
  readonly trees: Trees;
}
