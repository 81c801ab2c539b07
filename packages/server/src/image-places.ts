import { nodeCrypto } from "@custody/node/crypto";
import type { TreeCache } from "@custody/node/trees";
import type { ImagePlaces } from "custody/control";
import { parseImageRun } from "custody/factory";
import { CustodyError } from "custody/ground";
import type { Digest } from "custody/ground";
import {
  checkDigest,
  manifestLimitBytes,
  mediaTypes,
  parseImageConfig,
  parseManifestOf,
  readBlob,
} from "custody/oci";
import type { BlobStore, ImageManifest } from "custody/oci";

/** Unpacks images for running: manifest, configuration and layers, each checked against the digest above it. */
export function openImagePlaces(blobs: BlobStore, trees: TreeCache): ImagePlaces {
  return {
    async place(image) {
      const manifest = await readManifest(blobs, image);
      const content = await readBlob(blobs, manifest.config.digest, manifestLimitBytes);
      checkDigest(nodeCrypto, manifest.config.digest, content);
      const { health, ...run } = parseImageRun(parseImageConfig(content));
      const place = await trees.place(...layersOf(image, manifest));
      return { workload: { ...run, root: { digest: image, place } }, health };
    },
  };
}

async function readManifest(blobs: BlobStore, image: Digest): Promise<ImageManifest> {
  const content = await readBlob(blobs, image, manifestLimitBytes);
  const manifest = parseManifestOf(nodeCrypto, image, content, mediaTypes.imageManifest);
  if (manifest.kind === "image") return manifest;
  throw new CustodyError("oci/manifest", `${image} is not the manifest of an image`, { subject: image });
}

function layersOf(image: Digest, { layers }: ImageManifest): [Digest, ...Digest[]] {
  const plain = layers.filter(({ mediaType }) => mediaType === mediaTypes.layer).map(({ digest }) => digest);
  const [lowest, ...more] = plain;
  if (lowest === undefined || plain.length !== layers.length) {
    throw new CustodyError(
      "oci/layers",
      "the image has compressed layers, or none; only plain ones are run",
      { subject: image },
    );
  }
  return [lowest, ...more];
}
