import type { Certificate } from "custody/evidence";
import { toBase64 } from "custody/ground";

import type { OidcIssuer } from "./oidc-issuer.ts";

/** What Fulcio's API answers, in the JSON of `fulcio.proto`. */
export function formatSigningCertificate(certificates: readonly Certificate[], isLogged: boolean): object {
  const chain = chainOf(certificates);
  return isLogged ? { signedCertificateEmbeddedSct: { chain } } : { signedCertificateDetachedSct: { chain } };
}

export function formatTrustBundle(chains: readonly (readonly Certificate[])[]): object {
  return { chains: chains.map(chainOf) };
}

export function formatConfiguration(issuers: readonly OidcIssuer[]): object {
  return { issuers: issuers.map(formatIssuer) };
}

function chainOf(certificates: readonly Certificate[]): object {
  return { certificates: certificates.map(pemOf) };
}

/** RFC 7468 §2. */
function pemOf({ der }: Certificate): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function formatIssuer({ issuerUrl, pattern, audience, kind }: OidcIssuer): object {
  return {
    ...(pattern ? { wildcardIssuerUrl: issuerUrl } : { issuerUrl }),
    audience,
    challengeClaim: kind.type === "email" || kind.type === "custody" ? "email" : "sub",
    issuerType: kind.type === "custody" ? "email" : kind.type,
    ...(kind.type === "spiffe" ? { spiffeTrustDomain: kind.trustDomain } : {}),
    ...("subjectDomain" in kind ? { subjectDomain: kind.subjectDomain } : {}),
  };
}
