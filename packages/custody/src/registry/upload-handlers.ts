import { findFaultCode, isDigest } from "custody/ground";
import type { Digest } from "custody/ground";
import { isRepositoryName } from "custody/oci";

import { checkAccess } from "./authorize.ts";
import { invalidDigest } from "./blob-handlers.ts";
import { respond } from "./http.ts";
import type { RegistryRequest, RegistryResponse } from "./http.ts";
import type { RegistryPorts } from "./ports.ts";
import { refuse } from "./refusals.ts";
import type { Upload } from "./upload-store.ts";

/** POST to uploads: a mount, a whole blob at once, or the start of an upload (Pushing blobs). */
export async function postUpload(
  ports: RegistryPorts,
  request: RegistryRequest,
  repository: string,
): Promise<RegistryResponse> {
  const mount = request.query.get("mount");
  if (mount !== null) return mountBlob(ports, request, repository, mount);
  const digest = request.query.get("digest");
  if (digest === null) return startUpload(ports, repository);
  if (!isDigest(digest)) return invalidDigest();
  return storeBlob(ports, repository, digest, request.body);
}

async function startUpload(ports: RegistryPorts, repository: string): Promise<RegistryResponse> {
  return accepted(await ports.uploads.create(repository));
}

// Mounting shows whether the other repository has the blob: only to who may pull there. To others it is an upload.
async function mountBlob(
  ports: RegistryPorts,
  request: RegistryRequest,
  repository: string,
  digest: string,
): Promise<RegistryResponse> {
  if (!isDigest(digest)) return invalidDigest();
  const from = request.query.get("from");
  const isAllowed =
    from === null
      ? await mayMountFromAll(ports, request, repository, digest)
      : await mayMount(ports, request, from, digest);
  if (!isAllowed) return startUpload(ports, repository);
  await ports.metadata.linkBlob(repository, digest);
  return created(repository, digest);
}

async function mayMount(
  ports: RegistryPorts,
  request: RegistryRequest,
  from: string,
  digest: Digest,
): Promise<boolean> {
  if (!isRepositoryName(from)) return false;
  const refusal = await checkAccess(ports.authorize, request.header("authorization"), "pull", from);
  return (
    !refusal && (await ports.metadata.hasBlob(from, digest)) && (await ports.blobs.find(digest)) !== undefined
  );
}

// Without `from`, the registry may look everywhere (Mounting a blob from another repository).
async function mayMountFromAll(
  ports: RegistryPorts,
  request: RegistryRequest,
  repository: string,
  digest: Digest,
): Promise<boolean> {
  const refusal = await checkAccess(ports.authorize, request.header("authorization"), "mount", repository);
  return !refusal && (await ports.blobs.find(digest)) !== undefined;
}

/** GET of an upload: how much is there. */
export async function getUpload(
  ports: RegistryPorts,
  repository: string,
  id: string,
): Promise<RegistryResponse> {
  const upload = await findUpload(ports, repository, id);
  return upload ? respond(204, progress(upload)) : unknownUpload();
}

/** PATCH of an upload: a chunk, in its place (Pushing a blob in chunks), or all that comes. */
export async function patchUpload(
  ports: RegistryPorts,
  request: RegistryRequest,
  repository: string,
  id: string,
): Promise<RegistryResponse> {
  const upload = await findUpload(ports, repository, id);
  if (!upload) return unknownUpload();
  const appended = await appendChunk(ports, request, upload);
  return appended ? accepted(appended) : outOfPlace(upload);
}

async function appendChunk(
  ports: RegistryPorts,
  request: RegistryRequest,
  upload: Upload,
): Promise<Upload | undefined> {
  const start = parseContentRange(request.header("content-range"), request.header("content-length"));
  if (start === "invalid" || (start ?? upload.sizeBytes) !== upload.sizeBytes) return undefined;
  return ports.uploads.append(upload.id, upload.sizeBytes, request.body, ports.maxBlobBytes);
}

/** Where a chunk begins, from `<start>-<end>`, both included; undefined without the header. */
function parseContentRange(
  range: string | undefined,
  length: string | undefined,
): number | "invalid" | undefined {
  if (range === undefined) return undefined;
  const [, start, end] = /^(\d{1,15})-(\d{1,15})$/.exec(range) ?? [];
  if (start === undefined || end === undefined) return "invalid";
  const isSame = length === undefined || Number(length) === Number(end) - Number(start) + 1;
  return isSame ? Number(start) : "invalid";
}

/** PUT of an upload: its last chunk, if any, and the digest of the whole. */
export async function putUpload(
  ports: RegistryPorts,
  request: RegistryRequest,
  repository: string,
  id: string,
): Promise<RegistryResponse> {
  const digest = request.query.get("digest") ?? "";
  if (!isDigest(digest)) return invalidDigest();
  const upload = await findUpload(ports, repository, id);
  if (!upload) return unknownUpload();
  const appended = await appendChunk(ports, request, upload);
  if (!appended) return outOfPlace(upload);
  const response = await storeBlob(ports, repository, digest, ports.uploads.open(id));
  await ports.uploads.delete(id);
  return response;
}

async function storeBlob(
  ports: RegistryPorts,
  repository: string,
  digest: Digest,
  content: AsyncIterable<Uint8Array>,
): Promise<RegistryResponse> {
  try {
    await ports.blobs.write(content, { expectedDigest: digest, maxBytes: ports.maxBlobBytes });
  } catch (error) {
    if (findFaultCode(error) !== "blobs/digest-mismatch") throw error;
    return refuse("DIGEST_INVALID", "the content does not have the digest");
  }
  await ports.metadata.linkBlob(repository, digest);
  return created(repository, digest);
}

/** DELETE of an upload: it is given up. */
export async function deleteUpload(
  ports: RegistryPorts,
  repository: string,
  id: string,
): Promise<RegistryResponse> {
  const upload = await findUpload(ports, repository, id);
  if (!upload) return unknownUpload();
  await ports.uploads.delete(id);
  return respond(204);
}

// An upload belongs to the repository it was started in: who may push elsewhere has no business with it.
async function findUpload(ports: RegistryPorts, repository: string, id: string): Promise<Upload | undefined> {
  const upload = await ports.uploads.find(id);
  return upload?.repository === repository ? upload : undefined;
}

function created(repository: string, digest: Digest): RegistryResponse {
  return respond(201, {
    Location: `/v2/${repository}/blobs/${digest}`,
    "Docker-Content-Digest": digest,
    "Content-Length": "0",
  });
}

function accepted(upload: Upload): RegistryResponse {
  return respond(202, { ...progress(upload), "Content-Length": "0" });
}

function outOfPlace(upload: Upload): RegistryResponse {
  return refuse("BLOB_UPLOAD_INVALID", "the chunk does not follow what is there", progress(upload));
}

// Of nothing at all there is no range; clients take 0-0 for it.
function progress({ repository, id, sizeBytes }: Upload): Record<string, string> {
  return {
    Location: `/v2/${repository}/blobs/uploads/${id}`,
    Range: `0-${Math.max(0, sizeBytes - 1)}`,
    "Docker-Upload-UUID": id,
  };
}

function unknownUpload(): RegistryResponse {
  return refuse("BLOB_UPLOAD_UNKNOWN", "the repository has no such upload");
}
