import { CustodyError, parseJson } from "custody/ground";
import type { Json } from "custody/ground";
import { findIssuerOf, fulcioFault } from "custody/fulcio";
import type { IdentityTokens, OidcIssuer, VerifiedToken } from "custody/fulcio";
import { errors, jwtVerify } from "jose";
import type { JWTVerifyGetKey } from "jose";

import { IssuerKeys } from "./issuer-keys.ts";

const maxTokenCharacters = 16_384;
const maxIssuerCharacters = 512;
const clockToleranceSeconds = 5;
/** The last second of the year 9999: what is later is no date of RFC 3339. */
const maxNumericDate = 253_402_300_799;
/** What OpenID providers sign with; no shared secret, and never nothing. */
const algorithms = [
  "ES256",
  "ES384",
  "ES512",
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "EdDSA",
  "Ed25519",
];

/**
 * Checks identity tokens of the issuers (RFC 7519, OpenID Connect Core §3.1.3.7). An issuer's keys are those of its
 * configuration, else what it publishes (OpenID Connect Discovery §4): fetched when needed and kept for ten minutes.
 */
export function openIdentityTokens(issuers: readonly OidcIssuer[]): IdentityTokens {
  const keys = new IssuerKeys();
  return { verify: (token) => verifyToken(issuers, keys, token) };
}

async function verifyToken(
  issuers: readonly OidcIssuer[],
  keys: IssuerKeys,
  token: string,
): Promise<VerifiedToken> {
  // Read once, strictly: what names the issuer here is what is used of the token when it has been verified.
  const claims = readClaims(token);
  const { iss, sub } = claims;
  if (typeof iss !== "string" || iss.length > maxIssuerCharacters || typeof sub !== "string" || sub === "") {
    throw tokenFault("it names no issuer (iss) or no subject (sub)");
  }
  const issuer = findIssuerOf(issuers, iss);
  if (!issuer) {
    throw fulcioFault("fulcio/issuer-unknown", `no certificates are given for tokens of ${iss}`, {
      subject: iss,
      next: "add the issuer to the file given as --oidc-issuers",
    });
  }
  await verifySigned(token, await keys.of(issuer, iss), { issuer: iss, audience: issuer.audience });
  demandTimes(claims);
  return { issuer, iss, subject: sub, claims };
}

function readClaims(token: string): { readonly [claim: string]: Json } {
  const [, payload, ...rest] = token.split(".");
  if (token.length > maxTokenCharacters || payload === undefined || rest.length !== 1) {
    throw tokenFault("it is not a JWS in compact form");
  }
  const claims = parseClaims(payload);
  if (claims === null || typeof claims !== "object" || Array.isArray(claims)) {
    throw tokenFault("its claims are not an object");
  }
  return claims as { readonly [claim: string]: Json };
}

function parseClaims(payload: string): Json {
  try {
    return parseJson(new Uint8Array(Buffer.from(payload, "base64url")), { sizeBytes: maxTokenCharacters });
  } catch (cause) {
    throw tokenFault((cause as Error).message, cause);
  }
}

async function verifySigned(
  token: string,
  key: JWTVerifyGetKey,
  { issuer, audience }: { readonly issuer: string; readonly audience: string },
): Promise<void> {
  try {
    await jwtVerify(token, key, {
      issuer,
      audience,
      algorithms,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ["iss", "sub", "aud", "exp", "iat"],
    });
  } catch (cause) {
    if (cause instanceof CustodyError) throw cause;
    if (!(cause instanceof errors.JOSEError)) throw cause;
    throw tokenFault(cause.message, cause);
  }
}

// That `exp` has not passed was checked; 1e400 never passes, and what is issued tomorrow was not issued.
function demandTimes({ exp, iat }: { readonly [claim: string]: Json }): void {
  const now = Date.now() / 1000;
  if (typeof exp !== "number" || exp > maxNumericDate) throw tokenFault("its end (exp) is no time");
  if (typeof iat === "number" && iat <= now + clockToleranceSeconds) return;
  throw tokenFault("it was issued (iat) later than now");
}

function tokenFault(message: string, cause?: unknown): Error {
  return fulcioFault("fulcio/token", `the identity token is refused: ${message}`, {
    next: "get a new token from the issuer, for the audience that certificates are given for",
    ...(cause === undefined ? {} : { cause }),
  });
}
