import type { Certificate } from "custody/evidence";
import { codeSigningOid, fulcioIssuerOid, timeStampingOid } from "custody/evidence";
import type { Clock, Crypto, Instant, PublicKey, Random, Signer } from "custody/ground";
import { CustodyError, instantOf } from "custody/ground";
import type { SpiffeId, TrustDomain } from "custody/spiffe";
import { trustDomainOf } from "custody/spiffe";

import type {
  BuilderPorts,
  CertificateExtension,
  CertificateWitness,
  Issuer,
  SubjectName,
} from "./certificate-builder.ts";
import { buildCertificate, textExtension } from "./certificate-builder.ts";

/** What the authority acts through. */
export interface AuthorityPorts {
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly random: Random;
  /** Sees each signing certificate before it is signed; without one, certificates carry no promise of a log. */
  readonly certificateLog?: CertificateWitness;
}

/** How long signing certificates live. */
export const signingCertificateSeconds = 600;
const yearSeconds = 365 * 24 * 3600;
const rootYears = 10;
/** Clocks of one machine agree; a certificate is still not born in the future of the one that checks it. */
const backdateSeconds = 5;

/**
 * Makes the root certificate of a trust domain. Its key is needed again only to certify new intermediate and
 * timestamping keys, so it can be kept elsewhere.
 */
export function createRoot(
  ports: AuthorityPorts,
  trustDomain: TrustDomain,
  signer: Signer,
): Promise<Certificate> {
  const content = {
    commonName: `${trustDomain} root`,
    publicKey: signer.publicKey,
    validity: validityOf(ports.clock, rootYears * yearSeconds),
    name: domainName(trustDomain),
    authority: { pathLength: 1 },
  };
  return buildCertificate(withoutLog(ports), content, { signer });
}

/** Certifies the key that issues signing certificates from day to day. */
export function certifyIntermediate(
  ports: AuthorityPorts,
  root: Issuer,
  { trustDomain, publicKey }: { readonly trustDomain: TrustDomain; readonly publicKey: PublicKey },
): Promise<Certificate> {
  const content = {
    commonName: `${trustDomain} signing`,
    publicKey,
    validity: validityOf(ports.clock, yearSeconds),
    name: domainName(trustDomain),
    authority: { pathLength: 0 },
  };
  return buildCertificate(withoutLog(ports), content, root);
}

/**
 * Makes the root certificate of an authority for whomever a token is about. It carries no trust domain: it speaks for
 * everybody except the identities of domains.
 */
export function createKeylessRoot(
  ports: AuthorityPorts,
  trustDomain: TrustDomain,
  signer: Signer,
): Promise<Certificate> {
  const content = {
    commonName: `${trustDomain} keyless root`,
    publicKey: signer.publicKey,
    validity: validityOf(ports.clock, rootYears * yearSeconds),
    authority: { pathLength: 1 },
  };
  return buildCertificate(withoutLog(ports), content, { signer });
}

/** Certifies the key that issues such an authority's certificates from day to day. */
export function certifyKeylessIntermediate(
  ports: AuthorityPorts,
  root: Issuer,
  { trustDomain, publicKey }: { readonly trustDomain: TrustDomain; readonly publicKey: PublicKey },
): Promise<Certificate> {
  const content = {
    commonName: `${trustDomain} keyless signing`,
    publicKey,
    validity: validityOf(ports.clock, yearSeconds),
    authority: { pathLength: 0 },
  };
  return buildCertificate(withoutLog(ports), content, root);
}

/** Certifies the key of the timestamp authority (RFC 3161 §2.3: this one purpose and no other). */
export function certifyTimestampKey(
  ports: AuthorityPorts,
  root: Issuer,
  { trustDomain, publicKey }: { readonly trustDomain: TrustDomain; readonly publicKey: PublicKey },
): Promise<Certificate> {
  const content = {
    commonName: `${trustDomain} timestamp`,
    publicKey,
    validity: validityOf(ports.clock, yearSeconds),
    extendedKeyUsage: timeStampingOid,
  };
  return buildCertificate(withoutLog(ports), content, root);
}

/**
 * Issues a signing certificate for ten minutes, bound to one SPIFFE ID of the authority's own trust domain.
 *
 * The caller has established that the key is the identity's; `issuer` names who vouched for it.
 *
 * @throws CustodyError `authority/trust-domain` for an identity elsewhere, and as {@link issueCertificateFor} does.
 */
export function issueSigningCertificate(
  ports: AuthorityPorts,
  intermediate: Issuer & { readonly trustDomain: TrustDomain },
  {
    identity,
    publicKey,
    issuer,
  }: { readonly identity: SpiffeId; readonly publicKey: PublicKey; readonly issuer: string },
): Promise<Certificate> {
  if (trustDomainOf(identity) !== intermediate.trustDomain) {
    throw new CustodyError("authority/trust-domain", `${identity} is not in ${intermediate.trustDomain}`);
  }
  return issueCertificateFor(ports, intermediate, {
    name: { kind: "uri", uri: identity },
    publicKey,
    extensions: [textExtension(fulcioIssuerOid, issuer)],
  });
}

/**
 * Issues a signing certificate for ten minutes to whom the caller has established the key to be of.
 *
 * @throws CustodyError `authority/expired` when the issuing certificate would not outlive it; what the certificate log throws.
 */
export function issueCertificateFor(
  ports: AuthorityPorts,
  authority: Issuer,
  subject: {
    readonly name: SubjectName;
    readonly publicKey: PublicKey;
    readonly extensions: readonly CertificateExtension[];
  },
): Promise<Certificate> {
  const validity = validityOf(ports.clock, signingCertificateSeconds);
  const { end } = authority.certificate.validity;
  if (end !== undefined && end < validity.end) {
    throw new CustodyError(
      "authority/expired",
      "the intermediate certificate ends before the certificate would",
      {
        next: "certify a new intermediate with the root key",
      },
    );
  }
  const content = { ...subject, commonName: "", validity, extendedKeyUsage: codeSigningOid };
  return buildCertificate(ports, content, authority);
}

// Transparency is for what an authority issues, not for the authorities.
function withoutLog({ crypto, random }: AuthorityPorts): BuilderPorts {
  return { crypto, random };
}

function domainName(trustDomain: TrustDomain): SubjectName {
  return { kind: "uri", uri: `spiffe://${trustDomain}` };
}

function validityOf(clock: Clock, seconds: number): { start: Instant; end: Instant } {
  const now = clock.now();
  return { start: instantOf(now - backdateSeconds * 1000), end: instantOf(now + seconds * 1000) };
}
