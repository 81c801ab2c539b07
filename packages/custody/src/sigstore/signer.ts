import type { Certificate, TrustedAuthority } from "custody/evidence";
import { codeSigningOid } from "custody/evidence";
import type { Instant, PublicKey } from "custody/ground";
import { equalBytes, formatInstant, isWithin } from "custody/ground";

import type { BundleMaterial } from "./bundle.ts";
import type { Check } from "./check.ts";
import { matchesName } from "./glob.ts";
import type { SignerIdentity } from "./identity.ts";
import { findIdentity, findIssuer } from "./identity.ts";
import type { SignerPolicy, Thresholds } from "./policy.ts";
import { sigstoreFault } from "./reasons.ts";
import type { KnownCertificate } from "./seen.ts";

/** With what the bundle's signature must verify. */
export interface Signer {
  readonly key: PublicKey;
  readonly known: KnownCertificate | undefined;
}

/** The signer's key: out of the bundle's certificate, or the one that the caller brings. */
export async function findSigner(
  check: Check,
  material: BundleMaterial,
  policy: SignerPolicy,
): Promise<Signer> {
  check.demand(
    material.kind === policy.kind,
    "sigstore/material-mismatch",
    policy.kind === "key"
      ? "the bundle carries a certificate, and a key was asked for"
      : "the bundle was signed with a key, and an identity was asked for: give the key",
  );
  if (policy.kind === "key") return { key: policy.key, known: undefined };
  // A key that nobody has named cannot be believed, whatever else is off.
  if (material.kind === "key") throw sigstoreFault("sigstore/policy", "no key was given for the bundle");
  const known = await check.seen.certificate(check.crypto, material.leaf);
  await demandChain(check, material, known.certificate);
  return { key: known.certificate.publicKey, known };
}

// None of it is used, and what is there must still be what it claims: issuers in their order, and never a root.
async function demandChain(
  check: Check,
  { rest }: BundleMaterial & { kind: "certificate" },
  leaf: Certificate,
): Promise<void> {
  const path = [leaf];
  for (const der of rest) path.push((await check.seen.certificate(check.crypto, der)).certificate);
  for (const [i, issuer] of path.slice(1).entries()) {
    const child = path[i];
    const isIssuer =
      child !== undefined &&
      issuer.isCertificateAuthority &&
      !equalBytes(issuer.issuer, issuer.subject) &&
      (await check.issuance.isIssuedBy(check.crypto, child, issuer));
    check.demand(
      isIssuer,
      "sigstore/certificate-chain",
      "the bundle's certificate chain is out of order, or holds a root",
    );
  }
}

/** Demands that a trusted authority issued the certificate, and that all of the path was valid at each of the times. */
export function demandCertificate(
  check: Check,
  { certificate, issued }: KnownCertificate,
  times: readonly Instant[],
  thresholds: Thresholds,
): void {
  check.demand(
    issued.length > 0,
    "sigstore/certificate-untrusted",
    "the certificate does not chain to an authority of the trusted root",
  );
  const inTime = issued.filter(({ authority }) => times.every((at) => isValidAt(certificate, authority, at)));
  check.demand(
    inTime.length > 0 || issued.length === 0,
    "sigstore/certificate-window",
    `the certificate or an issuer was not valid when it was signed (${times.map(formatInstant).join(", ")})`,
  );
  demandPurpose(check, certificate);
  const { scts } = inTime[0] ?? issued[0] ?? { scts: { logs: [], isSound: true } };
  check.demand(scts.isSound, "sigstore/sct-invalid", "a certificate timestamp of a trusted log is not good");
  const wanted = thresholds.certificateLogs ?? Number(check.root.namesCertificateLogs);
  check.demand(
    scts.logs.length >= wanted,
    "sigstore/sct-threshold",
    `${scts.logs.length} trusted certificate logs saw the certificate, ${wanted} must have`,
  );
}

function isValidAt(leaf: Certificate, { chain, validFor }: TrustedAuthority, at: Instant): boolean {
  return [leaf.validity, validFor, ...chain.map(({ validity }) => validity)].every((range) =>
    isWithin(at, range),
  );
}

function demandPurpose(check: Check, certificate: Certificate): void {
  const { extendedKeyUsage, keyUsage, isCertificateAuthority } = certificate;
  check.demand(
    extendedKeyUsage.includes(codeSigningOid) && keyUsage.has("digitalSignature") && !isCertificateAuthority,
    "sigstore/certificate-purpose",
    "the certificate is not one for signing",
  );
}

/** Demands that the certificate is for whom the policy names, vouched for by whom it names. */
export function demandIdentity(check: Check, certificate: Certificate, policy: SignerPolicy): SignerIdentity {
  const identity = findIdentity(certificate);
  check.demand(
    policy.kind === "certificate" && identity !== undefined && matchesName(policy.identity, identity),
    "sigstore/identity-mismatch",
    `the certificate is for ${identity === undefined ? "no one identity" : `"${identity}"`}`,
  );
  const issuer = findIssuer(certificate);
  check.demand(
    policy.kind === "certificate" && issuer !== undefined && matchesName(policy.issuer, issuer),
    "sigstore/issuer-mismatch",
    `the certificate's issuer is ${issuer === undefined ? "not one" : `"${issuer}"`}`,
  );
  return { identity: identity ?? "", issuer: issuer ?? "" };
}
