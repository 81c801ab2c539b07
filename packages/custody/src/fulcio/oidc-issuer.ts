import type { TrustDomain } from "custody/spiffe";

import type { FulcioExtension } from "./certificate-extensions.ts";
import type { ClaimTemplate } from "./claim-template.ts";

/** How a CI system's claims become a name and extensions. */
export interface CiProvider {
  readonly defaults: ReadonlyMap<string, string>;
  readonly name: ClaimTemplate;
  readonly extensions: ReadonlyMap<FulcioExtension, ClaimTemplate>;
}

/** What an issuer's tokens are about (Fulcio's issuer types), and what is needed to read them. */
export type IssuerKind =
  /** A person: the claims `email` and `email_verified`. */
  | { readonly type: "email"; readonly skipEmailVerification: boolean }
  /** The subject is a URI with the scheme and host of the subject domain. */
  | { readonly type: "uri"; readonly subjectDomain: string }
  /** The subject is a name within the subject domain, written `name!domain`. */
  | { readonly type: "username"; readonly subjectDomain: string }
  /** The subject is a SPIFFE ID of the trust domain (JWT-SVID §3.1). */
  | { readonly type: "spiffe"; readonly trustDomain: TrustDomain }
  /** A service account of a cluster: the claim `kubernetes.io`. */
  | { readonly type: "kubernetes" }
  | { readonly type: "ci-provider"; readonly provider: CiProvider }
  /** Custody's own tokens: a mail address where there is one, else the subject as it is, a URI. */
  | { readonly type: "custody" };

/** An issuer of identity tokens that certificates are given for. */
export interface OidcIssuer {
  /** The `iss` of its tokens, byte for byte; of a meta-issuer with `*` for parts that may differ. */
  readonly issuerUrl: string;
  /** Where it is a meta-issuer: what the `iss` of its tokens must match. */
  readonly pattern?: RegExp;
  /** The audience that its tokens must name (`client-id`). */
  readonly audience: string;
  readonly kind: IssuerKind;
  /** Its public keys (RFC 7517 §5), where they are not to be fetched from it. */
  readonly keys?: JsonWebKeySet;
}

/** RFC 7517 §5. */
export interface JsonWebKeySet {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/** The issuer that a token's `iss` names: exactly, else by the pattern of a meta-issuer. */
export function findIssuerOf(issuers: readonly OidcIssuer[], iss: string): OidcIssuer | undefined {
  return (
    issuers.find(({ issuerUrl, pattern }) => !pattern && issuerUrl === iss) ??
    issuers.find(({ pattern }) => pattern?.test(iss))
  );
}

/**
 * The pattern of a meta-issuer, as Fulcio reads it: a star is one or more letters, digits, dashes and underscores. What
 * follows a star must be none of these, so that there is one way to match and no time to lose in finding it.
 *
 * @returns undefined for a text without stars, or with one that is followed by such a character.
 */
export function findIssuerPattern(text: string): RegExp | undefined {
  const [first = "", ...rest] = text.split("*");
  if (
    rest.length === 0 ||
    rest.slice(0, -1).includes("") ||
    rest.some((part) => /^[-_a-zA-Z0-9]/.test(part))
  ) {
    return undefined;
  }
  return new RegExp(`^${[first, ...rest].map(escapePattern).join("[-_a-zA-Z0-9]+")}$`);
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
