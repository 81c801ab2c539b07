import { nodeCrypto } from "@custody/node/crypto";
import type { AttestationRecord, Publisher } from "custody/control";
import { bundleMediaType } from "custody/evidence";
import { canonicalJson, formatInstant, utf8 } from "custody/ground";
import type { Bytes, Digest } from "custody/ground";
import { describe, manifestLimitBytes, mediaTypes, parseManifest, readBlob } from "custody/oci";
import type { BlobStore, Descriptor, Manifest } from "custody/oci";

import type { RegistryClient } from "./client.ts";

/** What publishing acts through: where images lie, and the registry they are pushed to. */
export interface PublisherPorts {
  readonly blobs: BlobStore;
  readonly client: RegistryClient;
  /** The registry's name in references: `host:port`. */
  readonly host: string;
}

const emptyConfig = utf8("{}");

/** Pushes images and attaches bundles the way cosign v3 does: one referrer a bundle, artifact type the bundle's own. */
export function openPublisher({ blobs, client, host }: PublisherPorts): Publisher {
  return {
    async publish(repository, image, tags) {
      const content = await readBlob(blobs, image, manifestLimitBytes);
      for (const part of partsOf(parseManifest(content, mediaTypes.imageManifest))) {
        await client.pushBlob(repository, {
          digest: part.digest,
          sizeBytes: part.size,
          open: () => blobs.open(part.digest),
        });
      }
      for (const tag of tags) await client.pushManifest(repository, tag, mediaTypes.imageManifest, content);
      return { reference: `${host}/${repository}@${image}` };
    },
    async attach(repository, image, bundle) {
      const subject = await describeImage(blobs, image);
      await pushContent(client, repository, emptyConfig);
      await pushContent(client, repository, bundle.bytes);
      const content = canonicalJson(referrerOf(subject, bundle));
      const { digest } = describe(nodeCrypto, mediaTypes.imageManifest, content);
      await client.pushManifest(repository, digest, mediaTypes.imageManifest, content);
    },
  };
}

function partsOf(manifest: Manifest): readonly Descriptor[] {
  return manifest.kind === "image" ? [manifest.config, ...manifest.layers] : manifest.manifests;
}

async function describeImage(blobs: BlobStore, image: Digest): Promise<Descriptor> {
  return describe(nodeCrypto, mediaTypes.imageManifest, await readBlob(blobs, image, manifestLimitBytes));
}

async function pushContent(client: RegistryClient, repository: string, content: Bytes): Promise<void> {
  const { digest, size } = describe(nodeCrypto, "application/octet-stream", content);
  await client.pushBlob(repository, {
    digest,
    sizeBytes: size,
    open: async function* () {
      yield content;
    },
  });
}

// Sigstore's OCI layout of a bundle: empty config, one layer, annotations that say what the bundle holds.
function referrerOf(subject: Descriptor, { bytes, predicateType, signedAt }: AttestationRecord): object {
  return {
    schemaVersion: 2,
    mediaType: mediaTypes.imageManifest,
    artifactType: bundleMediaType,
    config: describe(nodeCrypto, mediaTypes.emptyJson, emptyConfig),
    layers: [describe(nodeCrypto, bundleMediaType, bytes)],
    subject,
    annotations: {
      "dev.sigstore.bundle.content": "dsse-envelope",
      "dev.sigstore.bundle.predicateType": predicateType,
      "org.opencontainers.image.created": formatInstant(signedAt),
    },
  };
}
