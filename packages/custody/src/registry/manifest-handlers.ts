import { concatBytes, digestOf, isDigest } from "custody/ground";
import type { Bytes } from "custody/ground";
import {
  artifactTypeOf,
  findManifestKind,
  isDistributable,
  isTag,
  manifestLimitBytes,
  parseManifest,
} from "custody/oci";
import type { Manifest } from "custody/oci";

import { respond } from "./http.ts";
import type { RegistryRequest, RegistryResponse } from "./http.ts";
import type { NewManifest, StoredManifest } from "./metadata-store.ts";
import type { RegistryPorts } from "./ports.ts";
import { refuse } from "./refusals.ts";

/** GET and HEAD of a manifest by tag or digest (Pulling manifests), byte for byte as it was pushed. */
export async function getManifest(
  ports: RegistryPorts,
  repository: string,
  reference: string,
): Promise<RegistryResponse> {
  const found = await findManifest(ports, repository, reference);
  if (!found) return unknownManifest();
  if (digestOf(ports.crypto, found.content) !== found.digest) {
    return refuse("UNAVAILABLE", "the manifest was altered in the store");
  }
  const headers = {
    "Content-Type": found.mediaType,
    "Content-Length": String(found.content.length),
    "Docker-Content-Digest": found.digest,
  };
  return respond(200, headers, found.content);
}

async function findManifest(
  ports: RegistryPorts,
  repository: string,
  reference: string,
): Promise<StoredManifest | undefined> {
  if (isDigest(reference)) return ports.metadata.findManifest(repository, reference);
  return isTag(reference) ? ports.metadata.findTag(repository, reference) : undefined;
}

/** PUT of a manifest by tag or digest (Pushing Manifests); all it needs must be in the repository already. */
export async function putManifest(
  ports: RegistryPorts,
  request: RegistryRequest,
  repository: string,
  reference: string,
): Promise<RegistryResponse> {
  if (!isDigest(reference) && !isTag(reference)) return invalidReference(reference);
  const content = await collect(request.body);
  if (!content) return refuse("TOO_LARGE", `a manifest has at most ${manifestLimitBytes} bytes`);
  const digest = digestOf(ports.crypto, content);
  if (isDigest(reference) && reference !== digest) {
    return refuse("DIGEST_INVALID", `the manifest's digest is ${digest}`);
  }
  const mediaType = request.header("content-type") ?? "";
  const manifest = readManifest(content, mediaType);
  if (typeof manifest === "string") return refuse("MANIFEST_INVALID", manifest);
  const stored = describeManifest({ digest, mediaType, content }, manifest);
  return store(ports, repository, stored, isDigest(reference) ? undefined : reference);
}

async function store(
  ports: RegistryPorts,
  repository: string,
  manifest: NewManifest,
  tag: string | undefined,
): Promise<RegistryResponse> {
  const result = await ports.metadata.putManifest(repository, manifest, tag === undefined ? [] : [tag]);
  if (result.kind === "missing") {
    return refuse("MANIFEST_BLOB_UNKNOWN", `the repository lacks ${result.digests.slice(0, 10).join(", ")}`);
  }
  return respond(201, {
    Location: `/v2/${repository}/manifests/${tag ?? manifest.digest}`,
    "Docker-Content-Digest": manifest.digest,
    "Content-Length": "0",
    ...(manifest.subject === undefined ? {} : { "OCI-Subject": manifest.subject }),
  });
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Bytes | undefined> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of body) {
    sizeBytes += piece.length;
    if (sizeBytes > manifestLimitBytes) return undefined;
    pieces.push(piece);
  }
  return concatBytes(...pieces);
}

function readManifest(content: Bytes, mediaType: string): Manifest | string {
  if (!findManifestKind(mediaType)) return "the Content-Type is not that of a manifest";
  try {
    return parseManifest(content, mediaType);
  } catch (error) {
    return error instanceof Error ? error.message : "not a manifest";
  }
}

function describeManifest(stored: StoredManifest, manifest: Manifest): NewManifest {
  const described = { ...stored, ...needsOf(manifest) };
  if (!manifest.subject) return described;
  return { ...described, subject: manifest.subject.digest, referrer: referrerOf(stored, manifest) };
}

function needsOf(manifest: Manifest): Pick<NewManifest, "blobs" | "manifests"> {
  if (manifest.kind === "index")
    return { blobs: [], manifests: manifest.manifests.map(({ digest }) => digest) };
  const needed = [manifest.config, ...manifest.layers].filter(({ mediaType }) => isDistributable(mediaType));
  return { blobs: needed.map(({ digest }) => digest), manifests: [] };
}

function referrerOf({ digest, mediaType, content }: StoredManifest, manifest: Manifest) {
  return {
    mediaType,
    digest,
    size: content.length,
    artifactType: artifactTypeOf(manifest),
    annotations: manifest.annotations,
  };
}

/** DELETE of a manifest by digest, with the tags that name it, or of a tag alone (Deleting). */
export async function deleteManifest(
  ports: RegistryPorts,
  repository: string,
  reference: string,
): Promise<RegistryResponse> {
  if (isDigest(reference)) return deleted(await ports.metadata.deleteManifest(repository, reference));
  if (isTag(reference)) return deleted(await ports.metadata.deleteTag(repository, reference));
  return invalidReference(reference);
}

function deleted(wasThere: boolean): RegistryResponse {
  return wasThere ? respond(202) : unknownManifest();
}

function invalidReference(reference: string): RegistryResponse {
  return reference.includes(":")
    ? refuse("DIGEST_INVALID", "a digest is sha256: and 64 lowercase hexadecimal digits")
    : refuse("TAG_INVALID", "a tag has at most 128 letters, digits, dots, dashes and underscores");
}

function unknownManifest(): RegistryResponse {
  return refuse("MANIFEST_UNKNOWN", "the repository has no such manifest");
}
