import { nodeCrypto } from "@custody/node/crypto";
import { canonicalJson, utf8 } from "custody/ground";
import type { Bytes, Digest } from "custody/ground";
import { describe, mediaTypes } from "custody/oci";

import type { PushedBlob, RegistryClient } from "./client.ts";

const emptyConfig = utf8("{}");

/**
 * Pushes the archive of a bundle of policies under a tag, in the form in which OPA and `oras` have them: an image manifest
 * whose one layer is the archive. The same archive is the same manifest.
 *
 * @returns the digest of the manifest.
 * @throws CustodyError `registry/…`
 */
export async function pushBundle(
  client: RegistryClient,
  { repository, tag }: { readonly repository: string; readonly tag: string },
  archive: Bytes,
): Promise<Digest> {
  const config = describe(nodeCrypto, mediaTypes.imageConfig, emptyConfig);
  const layer = {
    ...describe(nodeCrypto, mediaTypes.layerGzip, archive),
    annotations: { "org.opencontainers.image.title": "bundle.tar.gz" },
  };
  const manifest = canonicalJson({
    schemaVersion: 2,
    mediaType: mediaTypes.imageManifest,
    config: { ...config },
    layers: [layer],
  });
  await client.pushBlob(repository, blobOf(config.digest, emptyConfig));
  await client.pushBlob(repository, blobOf(layer.digest, archive));
  await client.pushManifest(repository, tag, mediaTypes.imageManifest, manifest);
  return describe(nodeCrypto, mediaTypes.imageManifest, manifest).digest;
}

function blobOf(digest: Digest, content: Bytes): PushedBlob {
  return {
    digest,
    sizeBytes: content.length,
    open: async function* () {
      yield content;
    },
  };
}
