import { formatInstant, toBase64 } from "custody/ground";
import type { Instant } from "custody/ground";

import type { RegoValue } from "../../values/index.ts";
import {
  alternativeNames,
  authorityAccess,
  authorityKeyId,
  basicConstraints,
  distributionPoints,
  extendedUsages,
  extensionList,
  keyUsage,
  orNull,
  policyOids,
  subjectKeyId,
  unhandledCritical,
} from "./extensions.ts";
import type { Certificate } from "./certificate.ts";
import { arcs, nameValue } from "./names.ts";
import { bigNumber, publicKeyValue } from "./public-key.ts";

/** Fields of Go's `x509.Certificate` that OPA shows and nothing here fills. */
const unfilled = {
  ExcludedDNSDomains: null,
  ExcludedEmailAddresses: null,
  ExcludedIPRanges: null,
  ExcludedURIDomains: null,
  ExtraExtensions: null,
  InhibitAnyPolicy: 0,
  InhibitAnyPolicyZero: false,
  InhibitPolicyMapping: 0,
  InhibitPolicyMappingZero: false,
  PermittedDNSDomains: null,
  PermittedDNSDomainsCritical: false,
  PermittedEmailAddresses: null,
  PermittedIPRanges: null,
  PermittedURIDomains: null,
  PolicyMappings: null,
  RequireExplicitPolicy: 0,
  RequireExplicitPolicyZero: false,
};

/** A certificate as Go's `x509.Certificate` shows in JSON. */
export function certificateValue(certificate: Certificate): Readonly<Record<string, RegoValue>> {
  const { algorithm, key } = publicKeyValue(certificate.spki);
  return {
    ...unfilled,
    ...rawFields(certificate),
    ...extensionFields(certificate),
    Issuer: nameValue(certificate.issuer),
    Subject: nameValue(certificate.subject),
    NotBefore: timeText(certificate.notBefore),
    NotAfter: timeText(certificate.notAfter),
    PublicKey: key,
    PublicKeyAlgorithm: algorithm,
    SerialNumber: bigNumber(certificate.serialNumber),
    SignatureAlgorithm: certificate.algorithm.number,
    Version: certificate.version,
  };
}

/** The same with the texts of its URIs, which OPA adds. */
export function extendedValue(certificate: Certificate): RegoValue {
  const { uris } = alternativeNames(certificate.extensions);
  return { ...certificateValue(certificate), URIStrings: orNull(uris) };
}

function rawFields(certificate: Certificate): Readonly<Record<string, RegoValue>> {
  return {
    Raw: toBase64(certificate.raw),
    RawIssuer: toBase64(certificate.issuer.whole),
    RawSubject: toBase64(certificate.subject.whole),
    RawSubjectPublicKeyInfo: toBase64(certificate.spki),
    RawTBSCertificate: toBase64(certificate.signed),
    Signature: toBase64(certificate.signature),
  };
}

function extensionFields({ extensions }: Certificate): Readonly<Record<string, RegoValue>> {
  const { uris: _, ...names } = alternativeNames(extensions);
  const { valid, isCa, maxPathLength } = basicConstraints(extensions);
  const { known, unknown } = extendedUsages(extensions);
  const policies = policyOids(extensions);
  return {
    ...names,
    AuthorityKeyId: authorityKeyId(extensions),
    BasicConstraintsValid: valid,
    CRLDistributionPoints: distributionPoints(extensions),
    ExtKeyUsage: orNull(known),
    Extensions: extensionList(extensions),
    IsCA: isCa,
    IssuingCertificateURL: authorityAccess(extensions, "issuer"),
    KeyUsage: keyUsage(extensions),
    MaxPathLen: maxPathLength,
    MaxPathLenZero: valid && maxPathLength === 0,
    OCSPServer: authorityAccess(extensions, "ocsp"),
    Policies: orNull(policies),
    PolicyIdentifiers: orNull(policies.map(arcs)),
    SubjectKeyId: subjectKeyId(extensions),
    UnhandledCriticalExtensions: orNull(unhandledCritical(extensions).map(arcs)),
    UnknownExtKeyUsage: orNull(unknown.map(arcs)),
  };
}

function timeText(time: Instant): string {
  return formatInstant(time).replace(/\.0+Z$/, "Z");
}
