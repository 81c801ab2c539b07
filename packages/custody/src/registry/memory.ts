import { concatBytes, toHex, utf8 } from "custody/ground";
import type { Digest, Random } from "custody/ground";
import { checkBlobSize } from "custody/oci";

import type { MetadataStore, NewManifest } from "./metadata-store.ts";
import type { Upload, UploadStore } from "./upload-store.ts";

interface MemoryRepository {
  readonly blobs: Set<Digest>;
  readonly manifests: Map<Digest, NewManifest>;
  readonly tags: Map<string, Digest>;
}

/** A {@link MetadataStore} that lasts as long as the process. */
export function memoryMetadataStore(): MetadataStore {
  const repositories = new Map<string, MemoryRepository>();
  const find = (name: string) => repositories.get(name);
  const get = (name: string) => {
    const repository = find(name) ?? { blobs: new Set(), manifests: new Map(), tags: new Map() };
    repositories.set(name, repository);
    return repository;
  };
  return {
    linkBlob: async (name, digest) => void get(name).blobs.add(digest),
    hasBlob: async (name, digest) => find(name)?.blobs.has(digest) ?? false,
    unlinkBlob: async (name, digest) => find(name)?.blobs.delete(digest) ?? false,
    putManifest: async (name, manifest, tags) => putManifest(get(name), manifest, tags),
    findManifest: async (name, digest) => find(name)?.manifests.get(digest),
    findTag: async (name, tag) => findTag(find(name), tag),
    deleteManifest: async (name, digest) => deleteManifest(find(name), digest),
    deleteTag: async (name, tag) => find(name)?.tags.delete(tag) ?? false,
    findTags: async (name, after, limit) => {
      const tags = find(name)?.tags.keys();
      return tags && tagsAfter(tags, after).slice(0, limit);
    },
    findReferrers: async (name, subject, after, limit) =>
      [...(find(name)?.manifests.values() ?? [])]
        .flatMap((manifest) => (manifest.subject === subject && manifest.referrer ? [manifest.referrer] : []))
        .filter(({ digest }) => digest > after)
        .sort((a, b) => (a.digest < b.digest ? -1 : 1))
        .slice(0, limit),
  };
}

function putManifest(repository: MemoryRepository, manifest: NewManifest, tags: readonly string[]) {
  const digests = [
    ...manifest.blobs.filter((digest) => !repository.blobs.has(digest)),
    ...manifest.manifests.filter((digest) => !repository.manifests.has(digest)),
  ];
  if (digests.length > 0) return { kind: "missing" as const, digests };
  repository.manifests.set(manifest.digest, manifest);
  for (const tag of tags) repository.tags.set(tag, manifest.digest);
  return { kind: "stored" as const };
}

function findTag(repository: MemoryRepository | undefined, tag: string) {
  const digest = repository?.tags.get(tag);
  return digest && repository?.manifests.get(digest);
}

function deleteManifest(repository: MemoryRepository | undefined, digest: Digest): boolean {
  for (const [tag, tagged] of repository?.tags ?? []) if (tagged === digest) repository?.tags.delete(tag);
  return repository?.manifests.delete(digest) ?? false;
}

// Tags are ASCII, so that the order of JavaScript's strings is that of their bytes.
function tagsAfter(tags: Iterable<string>, after: string): string[] {
  return [...tags].filter((tag) => tag > after).sort();
}

/** An {@link UploadStore} that lasts as long as the process. */
export function memoryUploadStore(random: Random): UploadStore {
  const uploads = new Map<string, Upload & { readonly content: Uint8Array }>();
  return {
    async create(repository) {
      const upload = { id: toHex(random.bytes(16)), repository, sizeBytes: 0, content: utf8("") };
      uploads.set(upload.id, upload);
      return upload;
    },
    find: async (id) => uploads.get(id),
    async append(id, offset, chunk, maxBytes) {
      const pieces: Uint8Array[] = [];
      let sizeBytes = offset;
      for await (const piece of chunk) {
        sizeBytes += piece.length;
        checkBlobSize(sizeBytes, { maxBytes });
        pieces.push(piece);
      }
      const upload = uploads.get(id);
      if (upload?.sizeBytes !== offset) return undefined;
      const grown = { ...upload, sizeBytes, content: concatBytes(upload.content, ...pieces) };
      uploads.set(id, grown);
      return grown;
    },
    async *open(id) {
      const upload = uploads.get(id);
      if (upload) yield upload.content;
    },
    delete: async (id) => uploads.delete(id),
  };
}
