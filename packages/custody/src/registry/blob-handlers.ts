import { isDigest } from "custody/ground";
import type { Digest } from "custody/ground";

import { respond } from "./http.ts";
import type { RegistryRequest, RegistryResponse } from "./http.ts";
import type { RegistryPorts } from "./ports.ts";
import { refuse } from "./refusals.ts";

const contentType = { "Content-Type": "application/octet-stream" };

/** GET and HEAD of a blob that is in the repository (OCI distribution-spec v1.1, Pulling blobs). */
export async function getBlob(
  ports: RegistryPorts,
  request: RegistryRequest,
  repository: string,
  digest: string,
): Promise<RegistryResponse> {
  if (!isDigest(digest)) return invalidDigest();
  const found = await findBlob(ports, repository, digest);
  if (!found) return unknownBlob();
  const range = parseRange(request.header("range"), found.sizeBytes);
  if (range === "unsatisfiable") {
    return refuse("RANGE_INVALID", "the range is not in the blob", {
      "Content-Range": `bytes */${found.sizeBytes}`,
    });
  }
  const headers = { ...contentType, "Docker-Content-Digest": digest, "Accept-Ranges": "bytes" };
  if (range === undefined) {
    return respond(200, { ...headers, "Content-Length": String(found.sizeBytes) }, ports.blobs.open(digest));
  }
  return respond(
    206,
    {
      ...headers,
      "Content-Length": String(range.end - range.start),
      "Content-Range": `bytes ${range.start}-${range.end - 1}/${found.sizeBytes}`,
    },
    slice(ports.blobs.open(digest), range),
  );
}

// A blob that only another repository has is unknown here, although its content is stored.
async function findBlob(ports: RegistryPorts, repository: string, digest: Digest) {
  return (await ports.metadata.hasBlob(repository, digest)) ? ports.blobs.find(digest) : undefined;
}

interface ByteRange {
  readonly start: number;
  /** Not included. */
  readonly end: number;
}

/** One range of RFC 9110 §14.1.2; undefined for a header that is to be ignored (several ranges, other units). */
function parseRange(header: string | undefined, size: number): ByteRange | "unsatisfiable" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") return Number(last) === 0 || size === 0 ? "unsatisfiable" : suffix(size, Number(last));
  const start = Number(first);
  const end = last === "" ? size : Math.min(Number(last) + 1, size);
  if (last !== "" && Number(last) < start) return undefined;
  return start < size ? { start, end } : "unsatisfiable";
}

function suffix(size: number, length: number): ByteRange {
  return { start: Math.max(0, size - length), end: size };
}

// The whole blob is read, so that a part of one that was altered is not given out to its end either.
async function* slice(
  content: AsyncIterable<Uint8Array>,
  { start, end }: ByteRange,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  let held: Uint8Array | undefined;
  for await (const piece of content) {
    const part = piece.subarray(Math.max(0, start - at), Math.max(0, end - at));
    at += piece.length;
    if (part.length === 0) continue;
    if (held) yield held;
    held = part;
  }
  if (held) yield held;
}

/** DELETE of a blob from its repository (Deleting Blobs); the content stays as long as others may need it. */
export async function deleteBlob(
  ports: RegistryPorts,
  repository: string,
  digest: string,
): Promise<RegistryResponse> {
  if (!isDigest(digest)) return invalidDigest();
  return (await ports.metadata.unlinkBlob(repository, digest)) ? respond(202) : unknownBlob();
}

export function invalidDigest(): RegistryResponse {
  return refuse("DIGEST_INVALID", "a digest is sha256: and 64 lowercase hexadecimal digits");
}

function unknownBlob(): RegistryResponse {
  return refuse("BLOB_UNKNOWN", "the repository has no such blob");
}
