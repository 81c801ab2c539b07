import { generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

import type { Json } from "custody/ground";

import type { IdentityTokens, VerifiedToken } from "./identity-token.ts";
import type { IssuerKind } from "./oidc-issuer.ts";

/** A verified token of an issuer of that kind. */
export function tokenOf(
  kind: IssuerKind,
  claims: { readonly [claim: string]: Json } & { readonly sub?: string },
): VerifiedToken {
  const iss = "https://issuer.test";
  const { sub: subject = "subject" } = claims;
  return { issuer: { issuerUrl: iss, audience: "sigstore", kind }, iss, subject, claims };
}

/** Takes every token as the one given. */
export function acceptAll(token: VerifiedToken): IdentityTokens {
  return { verify: () => Promise.resolve(token) };
}

/** A requester's key. */
export interface Requester {
  readonly pem: string;
  readonly privateKey: KeyObject;
  /** The body that a client sends, with a signature over the challenge. */
  request(challenge: string): object;
}

export function makeRequester(namedCurve = "P-256"): Requester {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve });
  const pem = publicKey.export({ format: "pem", type: "spki" }) as string;
  return {
    pem,
    privateKey,
    request: (challenge) => ({
      credentials: { oidcIdentityToken: "a token" },
      publicKeyRequest: {
        publicKey: { algorithm: "ECDSA", content: pem },
        proofOfPossession: sign("sha256", Buffer.from(challenge), privateKey).toString("base64"),
      },
    }),
  };
}
