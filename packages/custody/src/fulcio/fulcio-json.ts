import type { Certificate } from "custody/evidence";
import { formatPem } from "custody/ground";

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
  return { certificates: certificates.map(({ der }) => formatPem({ label: "CERTIFICATE", der })) };
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
