import { randomUUID } from "node:crypto";

import { CustodyError } from "custody/ground";

/** An RFC 9457 problem document; `code` is the fault's own. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly subject?: string;
  readonly next?: string;
}

/** HTTP status by code, the longest matching prefix wins. Whatever is not listed is our own failure. */
const statuses: readonly (readonly [prefix: string, status: number])[] = [
  ["api/unauthorized", 401],
  ["api/not-found", 404],
  ["api/", 400],
  ["bytes/", 400],
  ["digest/", 400],
  ["json/", 400],
  ["factory/", 422],
  ["pipeline/", 422],
  ["git/unreadable", 500],
  ["git/absent", 500],
  ["git/", 422],
  ["evidence/", 403],
  ["gate/no-policy", 404],
  ["gate/", 403],
  ["layout/malformed", 422],
  ["layout/", 403],
  ["source/", 403],
  ["oci/reference", 400],
  ["policy/conflict", 409],
  ["policy/", 422],
  ["postgres/unavailable", 503],
  ["postgres/timeout", 503],
  ["blobs/disk-full", 507],
  ["files/disk-full", 507],
];

/** The problem document of whatever was thrown; what is not a known fault becomes an opaque 500 with an id. */
export function problemOf(error: unknown): Problem {
  const status = error instanceof CustodyError ? findStatus(error.code) : findHttpStatus(error);
  if (status === undefined) return opaqueProblem();
  const { code, message, subject, next } = error as CustodyError;
  return {
    type: `urn:custody:problem:${code}`,
    title: message,
    status,
    code,
    ...(subject ? { subject } : {}),
    ...(next ? { next } : {}),
  };
}

function findStatus(code: string): number | undefined {
  return statuses.find(([prefix]) => code.startsWith(prefix))?.[1];
}

// What fastify itself refuses (a body too large, a media type it does not know) carries its own status.
function findHttpStatus(error: unknown): number | undefined {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  return typeof status === "number" && status >= 400 && status < 500 ? status : undefined;
}

function opaqueProblem(): Problem {
  const id = randomUUID();
  return {
    type: "urn:custody:problem:internal",
    title: "the server failed; its log has the reason under this id",
    status: 500,
    code: "server/internal",
    detail: id,
  };
}
