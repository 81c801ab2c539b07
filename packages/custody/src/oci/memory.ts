import { concatBytes, digestOf } from "custody/ground";
import type { Bytes, Crypto, Digest } from "custody/ground";

import { checkBlobDigest, checkBlobSize, corruptBlob, missingBlob } from "./blob-store.ts";
import type { BlobStore, WriteBlobOptions } from "./blob-store.ts";

/** A {@link BlobStore} that lasts as long as the process. */
export function memoryBlobStore(hasher: Pick<Crypto, "sha256">): BlobStore {
  const blobs = new Map<Digest, Bytes>();
  return {
    async write(content, options) {
      const whole = await collect(content, options);
      const digest = digestOf(hasher, whole);
      checkBlobDigest(digest, options);
      blobs.set(digest, whole);
      return { digest, sizeBytes: whole.length };
    },
    async *open(digest) {
      const content = blobs.get(digest);
      if (!content) throw missingBlob(digest);
      if (digestOf(hasher, content) !== digest) throw corruptBlob(digest);
      yield content;
    },
    async find(digest) {
      const content = blobs.get(digest);
      return content && { digest, sizeBytes: content.length };
    },
    delete: async (digest) => blobs.delete(digest),
  };
}

async function collect(content: AsyncIterable<Uint8Array>, options: WriteBlobOptions): Promise<Bytes> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of content) {
    sizeBytes += piece.length;
    checkBlobSize(sizeBytes, options);
    pieces.push(piece);
  }
  return concatBytes(...pieces);
}
