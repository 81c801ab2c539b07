import type { Bytes, Digest } from "custody/ground";
import type { Descriptor } from "custody/oci";

/** A manifest as it was pushed, byte for byte. */
export interface StoredManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly content: Bytes;
}

/** A manifest to store, with what was read from it. */
export interface NewManifest extends StoredManifest {
  /** The blobs it needs in its repository. */
  readonly blobs: readonly Digest[];
  /** The manifests it needs in its repository. */
  readonly manifests: readonly Digest[];
  /** What it refers to, which need not be there. */
  readonly subject?: Digest;
  /** How it is listed among the referrers of its subject. */
  readonly referrer?: Descriptor;
}

/** What of a manifest's needs is not in its repository. */
export type PutManifestResult =
  | { readonly kind: "stored" }
  | { readonly kind: "missing"; readonly digests: readonly Digest[] };

/**
 * What is in which repository. A blob's or manifest's content may be shared; being in a repository is not: what one
 * repository has is not thereby in another.
 *
 * Each method is one transaction; what it has returned from is durable and seen by every later call of any process.
 */
export interface MetadataStore {
  /** Puts a blob, whose content the blob store has, into a repository. */
  linkBlob(repository: string, digest: Digest): Promise<void>;
  hasBlob(repository: string, digest: Digest): Promise<boolean>;
  /** Takes a blob out of a repository and says whether it was there. */
  unlinkBlob(repository: string, digest: Digest): Promise<boolean>;
  /** Stores a manifest and moves the tags to it, all or nothing, if all it needs is there at that moment. */
  putManifest(repository: string, manifest: NewManifest, tags: readonly string[]): Promise<PutManifestResult>;
  findManifest(repository: string, digest: Digest): Promise<StoredManifest | undefined>;
  findTag(repository: string, tag: string): Promise<StoredManifest | undefined>;
  /** Removes a manifest with the tags that name it, and says whether it was there. */
  deleteManifest(repository: string, digest: Digest): Promise<boolean>;
  /** Removes a tag alone, and says whether it was there. */
  deleteTag(repository: string, tag: string): Promise<boolean>;
  /** Tags after `after`, in byte order, at most `limit`; undefined when the repository has never had anything. */
  findTags(repository: string, after: string, limit: number): Promise<readonly string[] | undefined>;
  /** The referrers of a digest after `after`, in the order of their digests, at most `limit`. */
  findReferrers(
    repository: string,
    subject: Digest,
    after: string,
    limit: number,
  ): Promise<readonly Descriptor[]>;
}
