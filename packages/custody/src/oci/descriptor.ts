import { digestOf, isDigest } from "custody/ground";
import type { Crypto, Digest } from "custody/ground";
import * as v from "valibot";

import { isMediaType } from "./media-types.ts";

/** Other content by type, digest and size (OCI image-spec v1.1, Descriptors). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** In bytes. */
  readonly size: number;
  readonly artifactType?: string | undefined;
  readonly annotations?: Annotations | undefined;
  readonly platform?: Platform | undefined;
}

export type Annotations = Readonly<Record<string, string>>;

export interface Platform {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string | undefined;
}

export const mediaTypeSchema = v.pipe(v.string(), v.check(isMediaType, "is not a media type"));
export const annotationsSchema = v.record(v.string(), v.string());

const digestSchema = v.pipe(
  v.string(),
  v.custom<Digest>((text) => isDigest(text as string), "is not a sha256 digest"),
);

// Fields that are not listed, `data` and `urls` among them, are ignored: the content is fetched by its digest.
export const descriptorSchema = v.object({
  mediaType: mediaTypeSchema,
  digest: digestSchema,
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  artifactType: v.optional(mediaTypeSchema),
  annotations: v.optional(annotationsSchema),
  platform: v.optional(
    v.object({ architecture: v.string(), os: v.string(), variant: v.optional(v.string()) }),
  ),
});

/** The descriptor of bytes at hand. */
export function describe(hasher: Pick<Crypto, "sha256">, mediaType: string, content: Uint8Array): Descriptor {
  return { mediaType, digest: digestOf(hasher, content), size: content.length };
}
