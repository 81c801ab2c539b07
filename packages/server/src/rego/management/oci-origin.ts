import { nodeCrypto } from "@custody/node/crypto";
import { digestOf } from "custody/ground";
import type { Digest } from "custody/ground";
import { checkDigest, manifestLimitBytes, mediaTypes, parseManifestOf, parseReference } from "custody/oci";
import type { Descriptor, Reference } from "custody/oci";

import { bundleFault, emptyBody, readBounded } from "./bundle-origin.ts";
import type { BundleOrigin, Wanted } from "./bundle-origin.ts";
import { RegistrySession } from "./registry-session.ts";
import type { ServiceClient } from "./service-client.ts";

/** A bundle's archive is the first layer of this type, as OPA, oras and `custody rego push` have it. */
const layerType = mediaTypes.layerGzip;
const accepted = [mediaTypes.imageManifest, mediaTypes.dockerManifest].join(", ");

/**
 * An artifact of a registry (OCI distribution-spec v1.1). Its tag is the digest of its manifest: a tag of the registry that
 * moves is something new. Everything is held against its digest.
 *
 * @throws CustodyError `oci/reference`, `server/bundle` for what is no reference into the service's registry.
 */
export function ociOrigin(client: ServiceClient, resource: string): BundleOrigin {
  const reference = parseReference(resource);
  const { host } = new URL(client.config.url);
  if (reference.registry !== undefined && reference.registry !== host)
    throw bundleFault(`${resource} is not in ${host}, the registry of the service ${client.config.name}`);
  const session = new RegistrySession(client, reference.repository);
  return {
    fetch: async (wanted) => {
      const { content, mediaType } = await readManifest(session, reference, wanted.signal);
      const tag = reference.digest ?? digestOf(nodeCrypto, content);
      if (tag === wanted.tag) return { kind: "same", waits: false };
      const layer = findLayer(content, { digest: tag, mediaType });
      return { kind: "archive", bytes: await readLayer(session, layer, wanted), tag, waits: false };
    },
  };
}

interface RawManifest {
  readonly content: Uint8Array;
  readonly mediaType: string;
}

async function readManifest(
  session: RegistrySession,
  { tag = "latest", digest }: Reference,
  signal: AbortSignal,
): Promise<RawManifest> {
  const response = await session.get(`manifests/${digest ?? tag}`, accepted, signal);
  const [mediaType = ""] = (response.headers.get("content-type") ?? "").split(";");
  return { content: await readBounded(response.body ?? emptyBody(), manifestLimitBytes), mediaType };
}

function findLayer(
  content: Uint8Array,
  { digest, mediaType }: { readonly digest: Digest; readonly mediaType: string },
): Descriptor {
  const manifest = parseManifestOf(nodeCrypto, digest, content, mediaType);
  const layers = manifest.kind === "image" ? manifest.layers : [];
  const layer = layers.find((one) => one.mediaType === layerType);
  if (layer) return layer;
  throw bundleFault(`the artifact ${digest} has no layer of type ${layerType}`);
}

async function readLayer(
  session: RegistrySession,
  { digest, size }: Descriptor,
  { sizeLimitBytes, signal }: Wanted,
): Promise<Uint8Array> {
  if (size > sizeLimitBytes) throw bundleFault(`the bundle is larger than ${sizeLimitBytes} bytes`);
  const response = await session.get(`blobs/${digest}`, "*/*", signal);
  const bytes = await readBounded(response.body ?? emptyBody(), size);
  checkDigest(nodeCrypto, digest, bytes);
  return bytes;
}
