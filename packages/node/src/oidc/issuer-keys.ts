import { parseJson } from "custody/ground";
import { fulcioFault } from "custody/fulcio";
import type { JsonWebKeySet, OidcIssuer } from "custody/fulcio";
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors } from "jose";
import type { JSONWebKeySet, JWTVerifyGetKey } from "jose";

const maxDocumentBytes = 256 * 1024;
const deadlineMilliseconds = 5000;
const maxIssuers = 128;
/** An issuer that did not answer is not asked again for this long. */
const patienceMilliseconds = 5000;

interface Known {
  readonly key: Promise<JWTVerifyGetKey>;
  readonly since: number;
  hasFailed: boolean;
}

/**
 * The keys of issuers: those of the configuration, else what their discovery document points to. Every request is bounded
 * in time and size, goes to the issuer's own scheme, and is never redirected.
 */
export class IssuerKeys {
  readonly #known = new Map<string, Known>();

  /** @throws CustodyError `fulcio/issuer-unreachable`; so do the keys that are answered, when they are used. */
  async of(issuer: OidcIssuer, iss: string): Promise<JWTVerifyGetKey> {
    if (issuer.keys) return createLocalJWKSet(toJoseKeys(issuer.keys));
    const known = this.#known.get(iss);
    if (known && !(known.hasFailed && Date.now() - known.since > patienceMilliseconds)) return known.key;
    return this.#discover(iss);
  }

  #discover(iss: string): Promise<JWTVerifyGetKey> {
    const known: Known = { key: discoverKeys(iss), since: Date.now(), hasFailed: false };
    known.key.catch(() => {
      known.hasFailed = true;
    });
    this.#known.delete(iss);
    this.#known.set(iss, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxIssuers && oldest !== undefined) this.#known.delete(oldest);
    return known.key;
  }
}

// OpenID Connect Discovery §4.3: the document must name the very issuer that was asked.
async function discoverKeys(iss: string): Promise<JWTVerifyGetKey> {
  const document = await fetchJson(iss, `${iss.replace(/\/$/, "")}/.well-known/openid-configuration`);
  const { issuer, jwks_uri: place } = document as { issuer?: unknown; jwks_uri?: unknown };
  if (issuer !== iss) throw unreachable(iss, "its discovery document names another issuer");
  const url = typeof place === "string" ? URL.parse(place) : undefined;
  if (!url || !isAsSafe(url, iss))
    throw unreachable(iss, "its discovery document names no place of its keys");
  const remote = createRemoteJWKSet(url, {
    timeoutDuration: deadlineMilliseconds,
    [customFetch]: (resource, { headers, signal }) => fetchBounded(iss, resource, { headers, signal }),
  });
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (cause) {
      // Of a set that was had, it is the token that has no key in it.
      if (remote.jwks() && cause instanceof errors.JWKSNoMatchingKey) throw cause;
      if (cause instanceof errors.JWKSMultipleMatchingKeys) throw cause;
      throw unreachable(iss, (cause as Error).message, cause);
    }
  };
}

// Keys that came over TLS lead nowhere else.
function isAsSafe(url: URL, iss: string): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && url.host === new URL(iss).host);
}

async function fetchJson(iss: string, url: string): Promise<object> {
  try {
    const response = await fetchBounded(iss, url, { signal: AbortSignal.timeout(deadlineMilliseconds) });
    const value = parseJson(new Uint8Array(await response.arrayBuffer()));
    if (response.status === 200 && value !== null && typeof value === "object") return value;
    throw new Error(`${url} answers ${response.status}`);
  } catch (cause) {
    throw unreachable(iss, (cause as Error).message, cause);
  }
}

async function fetchBounded(
  iss: string,
  url: string,
  init: { readonly headers?: Headers; readonly signal: AbortSignal },
): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: "error" });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxDocumentBytes)
      throw unreachable(iss, `${url} answers with more than ${maxDocumentBytes} bytes`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status: response.status });
}

function toJoseKeys({ keys }: JsonWebKeySet): JSONWebKeySet {
  return { keys: keys.map((key) => ({ ...key })) };
}

function unreachable(iss: string, message: string, cause?: unknown): Error {
  return fulcioFault("fulcio/issuer-unreachable", `the keys of ${iss} cannot be had: ${message}`, {
    subject: iss,
    next: "ask again later, or give the issuer's keys as jwks in the file of issuers",
    ...(cause === undefined ? {} : { cause }),
  });
}
