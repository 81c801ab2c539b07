import type { Digest } from "custody/ground";
import { parseDigest } from "custody/ground";
import type { BlobStore } from "custody/oci";

import type { Trees } from "./ports.ts";

const scheme = "memory:";

/** {@link Trees} that lie nowhere: a place is its digest, until somebody changes what lies there. */
export class MemoryTrees implements Trees {
  readonly #blobs: Pick<BlobStore, "open">;
  readonly #changed = new Map<string, Digest>();

  constructor(blobs: Pick<BlobStore, "open">) {
    this.#blobs = blobs;
  }

  async place(archive: Digest): Promise<string> {
    for await (const _chunk of this.#blobs.open(archive));
    return `${scheme}${archive}`;
  }

  async hash(place: string): Promise<Digest> {
    return this.#changed.get(place) ?? parseDigest(place.slice(scheme.length));
  }

  async forget(archive: Digest): Promise<void> {
    this.#changed.delete(`${scheme}${archive}`);
  }

  /** What an attacker does to a tree that is unpacked: from now on it is another one. */
  change(place: string, digest: Digest): void {
    this.#changed.set(place, digest);
  }
}
