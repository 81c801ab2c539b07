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
const statuses: Readonly<Record<string, number>> = {
  "api/": 400,
  "api/unauthorized": 401,
  "api/not-found": 404,
  "api/too-large": 413,
  "api/media-type": 415,
  "attestation/": 403,
  "attestation/too-many": 429,
  "attestation/unknown": 404,
  "attestation/unreadable": 422,
  "blobs/": 500,
  "blobs/disk-full": 507,
  "bytes/": 400,
  "console/foreign-origin": 403,
  "console/signed-out": 401,
  "console/too-many-streams": 503,
  "console/unbuilt": 503,
  "digest/": 400,
  "evidence/": 500,
  "evidence/superseded-by-itself": 422,
  "factory/": 422,
  "files/disk-full": 507,
  "fulcio/": 400,
  "fulcio/configuration": 500,
  "fulcio/issuer-unreachable": 503,
  "fulcio/token": 401,
  "gate/": 500,
  "gate/no-policy": 404,
  "git/": 422,
  "git/absent": 500,
  "git/corrupt": 500,
  "git/unreadable": 500,
  "host/": 500,
  "json/": 400,
  "layout/": 422,
  "log/": 503,
  "log/entry-size": 413,
  "log-index/": 500,
  "oci/": 500,
  "oci/reference": 400,
  "policy/": 422,
  "policy/conflict": 409,
  "policy/none": 404,
  "postgres/disk-full": 507,
  "postgres/timeout": 503,
  "postgres/unavailable": 503,
  "registry/": 502,
  "run/": 502,
  "runtime/": 500,
  "sigstore/log-request": 400,
  "spiffe/": 400,
  "stemcell/": 502,
  "tar/": 500,
  "trees/": 500,
  "tuf/": 422,
  "tuf/damaged": 500,
  "tuf/missing": 500,
  "tuf/version": 409,
};

/** The codes of what fastify itself refuses, by the status that it gives. */
const httpCodes: Readonly<Record<number, string>> = { 413: "api/too-large", 415: "api/media-type" };

/** The problem document of whatever was thrown; what is not a known fault becomes an opaque 500 with an id. */
export function problemOf(error: unknown): Problem {
  const fault = error instanceof CustodyError ? error : findHttpFault(error);
  const status = fault && findStatus(fault);
  if (status === undefined) return opaqueProblem();
  const { code, message, subject, next = findNext(code) } = fault as CustodyError;
  return {
    type: `urn:custody:problem:${code}`,
    title: message,
    status,
    code,
    ...(subject ? { subject } : {}),
    ...(next ? { next } : {}),
  };
}

// Only a gate that said no is answered with 403; a check that could not be made is never told as one that was.
function findStatus({ code, details }: CustodyError): number | undefined {
  if (details?.["verdict"] === "refused") return 403;
  if (details?.["verdict"] === "undecided") return 503;
  const prefixes = Object.keys(statuses).filter((prefix) => code.startsWith(prefix));
  const longest = prefixes.toSorted((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : statuses[longest];
}

/** What to do about what the door itself refuses. */
const nextSteps: Readonly<Record<string, string>> = {
  "api/media-type":
    "send application/json, application/yaml, application/x-git-bundle or, of an attestation, application/vnd.dev.sigstore.bundle.v0.3+json, as the route takes it",
  "api/request": "mend the request; nothing was changed",
  "api/too-large": "send less, or deliver from a URL",
  "bytes/": "send UTF-8 text",
  "json/": "send one JSON value, with every key once",
};

function findNext(code: string): string | undefined {
  return Object.entries(nextSteps).find(([prefix]) => code.startsWith(prefix))?.[1];
}

// What fastify itself refuses (a body too large, a media type it does not know) carries its own status.
function findHttpFault(error: unknown): CustodyError | undefined {
  if (!(error instanceof Error) || !("statusCode" in error)) return undefined;
  const status = error.statusCode;
  if (typeof status !== "number" || status < 400 || status >= 500) return undefined;
  return new CustodyError(httpCodes[status] ?? "api/request", error.message);
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
