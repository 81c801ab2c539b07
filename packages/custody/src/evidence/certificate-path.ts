import type { Crypto, Instant } from "custody/ground";
import { formatInstant, isWithin } from "custody/ground";

import type { Certificate } from "./certificate.ts";
import type { Examination } from "./examination.ts";
import type { Issuance } from "./issuance.ts";
import type { TrustedAuthority } from "./trusted-root.ts";

/**
 * Demands that the leaf chains to one of the authorities and that every certificate, and the authority itself, was
 * valid at that instant (RFC 5280 §6.1 for the paths Sigstore uses: leaf, then the authority's chain in order).
 */
export async function verifyCertificatePath(
  crypto: Crypto,
  leaf: Certificate,
  authorities: readonly TrustedAuthority[],
  { at, examination, subject }: { at: Instant; examination: Examination; subject: string },
): Promise<TrustedAuthority | undefined> {
  const [authority] = await findIssuingAuthorities(crypto, leaf, authorities, examination.issuance);
  examination.demand(
    authority !== undefined,
    "evidence/certificate-untrusted",
    subject,
    "the certificate does not chain to an authority of the trusted root",
  );
  const windows = [leaf.validity, ...(authority?.chain.map(({ validity }) => validity) ?? [])];
  const isInTime = [...windows, ...(authority ? [authority.validFor] : [])].every((range) =>
    isWithin(at, range),
  );
  examination.demand(
    isInTime,
    "evidence/certificate-window",
    subject,
    `the certificate path was not valid when the signature was made (${formatInstant(at)})`,
  );
  return authority;
}

/**
 * Who may vouch for whom: an authority that carries a trust domain, for identities of that domain and no other (SPIFFE
 * X509-SVID §2, §4); one that carries none, for all but those of the domains that others here carry. So neither of two
 * trusted domains, and no authority for everybody, can speak for a domain that is not its own.
 */
function speaksFor(
  authority: TrustedAuthority,
  leaf: Certificate,
  authorities: readonly TrustedAuthority[],
): boolean {
  const own = domainOf(authority);
  if (own !== undefined) return leaf.uris.length > 0 && leaf.uris.every((uri) => isIn(own, uri));
  const taken = authorities.map(domainOf).filter((domain) => domain !== undefined);
  return !leaf.uris.some((uri) => taken.some((domain) => isIn(domain, uri)));
}

function domainOf({ chain }: TrustedAuthority): string | undefined {
  return chain.at(-1)?.uris.find((uri) => uri.startsWith("spiffe://"));
}

function isIn(domain: string, uri: string): boolean {
  return uri === domain || uri.startsWith(`${domain}/`);
}

/** The authorities to which a path of issued certificates leads from the leaf, whatever the time. */
export async function findIssuingAuthorities(
  crypto: Crypto,
  leaf: Certificate,
  authorities: readonly TrustedAuthority[],
  issuance: Issuance,
): Promise<TrustedAuthority[]> {
  const found: TrustedAuthority[] = [];
  for (const authority of authorities) {
    if (!speaksFor(authority, leaf, authorities)) continue;
    if (await isPath(crypto, [leaf, ...authority.chain], issuance)) found.push(authority);
  }
  return found;
}

// Each certificate is issued by the next; the last is its own trust anchor, whatever signed it.
async function isPath(crypto: Crypto, path: readonly Certificate[], issuance: Issuance): Promise<boolean> {
  for (let i = 0; i + 1 < path.length; i++) {
    const [child, issuer] = [path[i], path[i + 1]];
    if (!child || !issuer || !mayIssue(issuer, i)) return false;
    if (!(await issuance.isIssuedBy(crypto, child, issuer))) return false;
  }
  return path.length > 1;
}

function mayIssue(issuer: Certificate, certificatesBelow: number): boolean {
  const { isCertificateAuthority, keyUsage, pathLength } = issuer;
  return (
    isCertificateAuthority &&
    keyUsage.has("keyCertSign") &&
    (pathLength ?? certificatesBelow) >= certificatesBelow
  );
}
