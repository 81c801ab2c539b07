import { CustodyError } from "custody/ground";

/** `spiffe://trust-domain/path`, as the SPIFFE-ID standard §2 writes it; compared byte for byte, never by pattern. */
export type SpiffeId = `spiffe://${string}` & { readonly brand: "SpiffeId" };

/** Lowercase letters, digits, dots, dashes and underscores (SPIFFE-ID §2.1); at most 255 bytes. */
export type TrustDomain = string & { readonly brand: "TrustDomain" };

const maxIdBytes = 2048;
const trustDomainPattern = /^[a-z0-9._-]{1,255}$/;
const segmentPattern = /^[A-Za-z0-9._-]+$/;

/** @throws CustodyError `spiffe/trust-domain`. */
export function parseTrustDomain(text: string): TrustDomain {
  if (!trustDomainPattern.test(text)) {
    throw new CustodyError(
      "spiffe/trust-domain",
      `"${text.slice(0, 80)}" is not a SPIFFE trust domain name`,
      {
        next: "use lowercase letters, digits, dots, dashes and underscores",
      },
    );
  }
  return text as TrustDomain;
}

/**
 * The SPIFFE ID of a text that is one (SPIFFE-ID §2): no port, user, query, fragment, percent-encoding, empty or dot segment.
 *
 * @throws CustodyError `spiffe/id`.
 */
export function parseSpiffeId(text: string): SpiffeId {
  const id = findSpiffeId(text);
  if (id !== undefined) return id;
  throw new CustodyError("spiffe/id", `"${text.slice(0, 80)}" is not a SPIFFE ID`, {
    next: "write it as spiffe://trust-domain/path",
  });
}

/** The SPIFFE ID that a text is, as {@link parseSpiffeId} reads it; undefined for a text that is none. */
export function findSpiffeId(text: string): SpiffeId | undefined {
  const [scheme, empty, trustDomain, ...segments] = text.split("/");
  const isWhole = scheme === "spiffe:" && empty === "" && trustDomainPattern.test(trustDomain ?? "");
  return isWhole && text.length <= maxIdBytes && segments.every(isSegment) ? (text as SpiffeId) : undefined;
}

/**
 * Whether a text is an ID, or does not pass for one: nothing that a reader of URIs takes for `spiffe:` is neither. A name that
 * somebody is known by must be.
 */
export function isSpiffeIdOrOther(text: string): boolean {
  return findSpiffeId(text) !== undefined || !/^\s*spiffe:/i.test(text);
}

function isSegment(segment: string): boolean {
  return segmentPattern.test(segment) && segment !== "." && segment !== "..";
}

/** The id of a path within a trust domain; each argument is one or more segments. */
export function spiffeIdOf(trustDomain: TrustDomain, ...path: readonly string[]): SpiffeId {
  return parseSpiffeId(["spiffe:/", trustDomain, ...path].join("/"));
}

export function trustDomainOf(id: SpiffeId): TrustDomain {
  return parseTrustDomain(id.split("/")[2] ?? "");
}
