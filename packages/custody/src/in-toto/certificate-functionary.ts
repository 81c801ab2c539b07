import { Name } from "@peculiar/asn1-x509";
import { AsnConvert } from "@peculiar/asn1-schema";
import { findVerificationKey, parseCertificate } from "custody/evidence";
import type { Certificate } from "custody/evidence";
import type { Crypto, Instant, PublicKey, SignatureScheme } from "custody/ground";
import { CustodyError, equalBytes, isWithin } from "custody/ground";

import { readPem } from "./keys.ts";
import type { CertificateConstraint, Layout } from "./layout.ts";

/** What of a certificate's subject constraints look at. */
const commonNameOid = "2.5.4.3";
const organizationOid = "2.5.4.10";
const maxPathLength = 8;

interface KnownCertificate {
  readonly keyid: string;
  readonly certificate: Certificate;
}

/**
 * The key of a certificate that a layout lets sign for a step: it leads back to one of the layout's roots, is valid now, and
 * fulfils one of the step's constraints. Undefined for every other.
 */
export async function findCertificateKey(
  crypto: Crypto,
  pem: string,
  constraints: readonly CertificateConstraint[],
  { layout, at }: { readonly layout: Layout; readonly at: Instant },
): Promise<PublicKey | undefined> {
  const leaf = findCertificate(pem);
  if (!leaf || leaf.isCertificateAuthority) return undefined;
  const root = await findRoot(crypto, leaf, { layout, at });
  if (root === undefined) return undefined;
  const isAllowed = constraints.some((constraint) => fulfils(leaf, root, constraint));
  return isAllowed ? signingKeyOf(leaf.publicKey) : undefined;
}

/** As in-toto uses keys: RSA with PSS. */
function signingKeyOf({ scheme, spki }: PublicKey): PublicKey {
  return { scheme: scheme.replace("rsa-pkcs1-", "rsa-pss-") as SignatureScheme, spki };
}

function findCertificate(pem: string): Certificate | undefined {
  try {
    return readPem(pem, "CERTIFICATE", parseCertificate);
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

function certificatesOf(listed: Layout["rootCertificates"]): readonly KnownCertificate[] {
  return Object.entries(listed).flatMap(([keyid, { keyval }]) => {
    const certificate = findCertificate(keyval.certificate === "" ? keyval.public : keyval.certificate);
    return certificate ? [{ keyid, certificate }] : [];
  });
}

/** The key id of the root that a path of certificates, each valid now, leads to (RFC 5280 §6.1). */
async function findRoot(
  crypto: Crypto,
  leaf: Certificate,
  { layout, at }: { readonly layout: Layout; readonly at: Instant },
): Promise<string | undefined> {
  const roots = certificatesOf(layout.rootCertificates);
  const between = certificatesOf(layout.intermediateCertificates);
  let current = leaf;
  for (let length = 0; length < maxPathLength && isWithin(at, current.validity); length++) {
    const below = length;
    const root = await findIssuer(crypto, current, roots, below);
    if (root && isWithin(at, root.certificate.validity)) return root.keyid;
    const next = await findIssuer(crypto, current, between, below);
    if (!next) return undefined;
    current = next.certificate;
  }
  return undefined;
}

async function findIssuer(
  crypto: Crypto,
  child: Certificate,
  issuers: readonly KnownCertificate[],
  certificatesBelow: number,
): Promise<KnownCertificate | undefined> {
  for (const known of issuers) {
    const { isCertificateAuthority, keyUsage, pathLength, subject, publicKey } = known.certificate;
    const mayIssue =
      isCertificateAuthority &&
      keyUsage.has("keyCertSign") &&
      (pathLength ?? certificatesBelow) >= certificatesBelow;
    if (!mayIssue || !equalBytes(subject, child.issuer)) continue;
    const key = findVerificationKey(publicKey, child.signatureAlgorithm);
    if (key && (await crypto.verify(key, child.signature, child.tbs))) return known;
  }
  return undefined;
}

function fulfils(leaf: Certificate, root: string, constraint: CertificateConstraint): boolean {
  const subject = subjectOf(leaf);
  const others = leaf.otherNames;
  return (
    isAllowedList(constraint.roots, [root]) &&
    (constraint.commonName === "*" || constraint.commonName === (subject.commonNames[0] ?? "")) &&
    isAllowedList(constraint.organizations, subject.organizations) &&
    isAllowedList(constraint.uris, leaf.uris) &&
    isAllowedList(constraint.dnsNames, namesOf(others, "dns")) &&
    isAllowedList(constraint.emails, namesOf(others, "email"))
  );
}

function namesOf(names: readonly string[], kind: string): string[] {
  return names.filter((name) => name.startsWith(`${kind}:`)).map((name) => name.slice(kind.length + 1));
}

/** `["*"]` is any, `[]` and `[""]` are none, every other list is exactly these, in any order. */
function isAllowedList(allowed: readonly string[], found: readonly string[]): boolean {
  if (allowed.length === 1 && allowed[0] === "*") return true;
  const wanted = new Set(allowed.filter((one) => one !== ""));
  return wanted.size === found.length && found.every((one) => wanted.has(one));
}

function subjectOf({ subject }: Certificate): { commonNames: string[]; organizations: string[] } {
  const parts = AsnConvert.parse(subject, Name).flatMap((names) => [...names]);
  const valuesOf = (oid: string): string[] =>
    parts.filter(({ type }) => type === oid).map(({ value }) => value.toString());
  return { commonNames: valuesOf(commonNameOid), organizations: valuesOf(organizationOid) };
}
