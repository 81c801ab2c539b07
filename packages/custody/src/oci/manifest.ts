import { digestOf, parseJson } from "custody/ground";
import type { Crypto, Digest } from "custody/ground";
import * as v from "valibot";

import { annotationsSchema, descriptorSchema, mediaTypeSchema } from "./descriptor.ts";
import type { Annotations, Descriptor } from "./descriptor.ts";
import { ociFault } from "./faults.ts";
import { findManifestKind } from "./media-types.ts";

interface ManifestCommon {
  readonly mediaType: string;
  readonly artifactType?: string | undefined;
  readonly annotations?: Annotations | undefined;
  /** What this manifest refers to: a signature or an attestation names its image here. */
  readonly subject?: Descriptor | undefined;
}

/** An image, or an artifact in the form of one (OCI image-spec v1.1, Image Manifest). */
export interface ImageManifest extends ManifestCommon {
  readonly kind: "image";
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** Manifests by platform (OCI image-spec v1.1, Image Index). */
export interface ImageIndex extends ManifestCommon {
  readonly kind: "index";
  readonly manifests: readonly Descriptor[];
}

export type Manifest = ImageManifest | ImageIndex;

/** The largest manifest that is taken (OCI distribution-spec v1.1, Pushing Manifests, asks for 4 MiB). */
export const manifestLimitBytes = 4 * 1024 * 1024;

const listLimit = 4096;
const descriptors = v.pipe(v.array(descriptorSchema), v.maxLength(listLimit));

const common = {
  schemaVersion: v.literal(2),
  mediaType: v.optional(mediaTypeSchema),
  artifactType: v.optional(mediaTypeSchema),
  annotations: v.optional(annotationsSchema),
  subject: v.optional(descriptorSchema),
};

// A document that is both an image and an index would be read differently by different readers: it is neither.
const absent = v.optional(v.undefined());
const imageSchema = v.object({ ...common, config: descriptorSchema, layers: descriptors, manifests: absent });
const indexSchema = v.object({ ...common, manifests: descriptors, config: absent, layers: absent });

/**
 * The manifest in bytes of a media type, as a registry or a Content-Type says it. Unknown fields are ignored.
 *
 * @throws CustodyError `oci/manifest` for another media type inside, a missing or malformed field, or more than 4 MiB;
 * `json/…`.
 */
export function parseManifest(content: Uint8Array, mediaType: string): Manifest {
  const kind = findManifestKind(mediaType);
  const json = parseJson(content, { sizeBytes: manifestLimitBytes, depth: 32 });
  const parsed = kind && v.safeParse(kind === "image" ? imageSchema : indexSchema, json);
  if (!parsed?.success) throw malformed(parsed?.issues[0]);
  const { schemaVersion: _, ...fields } = parsed.output;
  if ((fields.mediaType ?? mediaType) !== mediaType) throw malformed();
  return { ...fields, kind, mediaType } as Manifest;
}

function malformed(issue?: v.BaseIssue<unknown>): Error {
  const where = issue ? (v.getDotPath(issue) ?? "the document") : "mediaType";
  return ociFault(
    "oci/manifest",
    `not a manifest of its media type: ${where} ${issue?.message ?? "differs"}`,
    {
      next: "push an OCI image manifest or image index (schemaVersion 2)",
    },
  );
}

/** As {@link parseManifest}, for bytes that must have a digest. @throws CustodyError `oci/digest` when they do not. */
export function parseManifestOf(
  hasher: Pick<Crypto, "sha256">,
  digest: Digest,
  content: Uint8Array,
  mediaType: string,
): Manifest {
  checkDigest(hasher, digest, content);
  return parseManifest(content, mediaType);
}

/** @throws CustodyError `oci/digest` unless the content has the digest. */
export function checkDigest(hasher: Pick<Crypto, "sha256">, digest: Digest, content: Uint8Array): void {
  const actual = digestOf(hasher, content);
  if (actual !== digest) {
    throw ociFault("oci/digest", `the content's digest is ${actual}`, { subject: digest });
  }
}

/** What a manifest is a kind of, for listing it among referrers: its artifact type, else its config's media type. */
export function artifactTypeOf(manifest: Manifest): string | undefined {
  if (manifest.artifactType !== undefined) return manifest.artifactType;
  return manifest.kind === "image" ? manifest.config.mediaType : undefined;
}
