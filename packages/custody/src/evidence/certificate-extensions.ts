import type { Bytes, CustodyError, DerValue } from "custody/ground";
import {
  derBitString,
  derBoolean,
  DerReader,
  derOid,
  derSmallInteger,
  derTags,
  parseUtf8,
  readDer,
} from "custody/ground";

import type { Certificate } from "./certificate.ts";

/** Fulcio's "Issuer (V2)" extension: a DER UTF8String. */
export const fulcioIssuerOid = "1.3.6.1.4.1.57264.1.8";

/** What the extensions of a certificate say (RFC 5280 §4.2); nothing of it where the extension is absent. */
export type CertificateExtensions = Pick<
  Certificate,
  | "isCertificateAuthority"
  | "pathLength"
  | "keyUsage"
  | "extendedKeyUsage"
  | "uris"
  | "otherNames"
  | "oidcIssuer"
  | "extensions"
>;

type Fault = (message: string) => CustodyError;

const oids = {
  basicConstraints: "2.5.29.19",
  keyUsage: "2.5.29.15",
  extendedKeyUsage: "2.5.29.37",
  subjectAltName: "2.5.29.17",
  subjectKeyIdentifier: "2.5.29.14",
  authorityKeyIdentifier: "2.5.29.35",
} as const;
const understood: ReadonlySet<string> = new Set(Object.values(oids));

/** GeneralName's context tags (RFC 5280 §4.2.1.6). */
const nameTags = { rfc822Name: 0x81, dnsName: 0x82, uri: 0x86 } as const;
/** Bits of KeyUsage, the first bit being the highest of the first byte (RFC 5280 §4.2.1.3). */
const digitalSignatureBit = 0x80;
const keyCertSignBit = 0x04;

/** @throws what `fault` makes, for an extension that stands twice or is critical and unknown. */
export function readExtensions(explicit: DerValue | undefined, fault: Fault): CertificateExtensions {
  const extensions: ReadonlyMap<string, Bytes> = explicit
    ? collect(readDer(explicit.content, derTags.sequence), fault)
    : new Map();
  const values = { get: (oid: string) => readerOf(extensions.get(oid)) };
  return {
    ...readBasicConstraints(values.get(oids.basicConstraints)),
    keyUsage: readKeyUsage(values.get(oids.keyUsage)),
    extendedKeyUsage: readExtendedKeyUsage(values.get(oids.extendedKeyUsage)),
    ...readNames(values.get(oids.subjectAltName)),
    oidcIssuer: readText(values.get(fulcioIssuerOid)),
    extensions,
  };
}

function readerOf(value: Bytes | undefined): DerReader | undefined {
  return value && new DerReader(value);
}

function collect(list: DerReader, fault: Fault): ReadonlyMap<string, Bytes> {
  const values = new Map<string, Bytes>();
  while (!list.isDone) {
    const extension = list.enter(derTags.sequence);
    const oid = derOid(extension.read(derTags.oid));
    const critical = extension.find(derTags.boolean);
    const value = extension.read(derTags.octetString).content;
    extension.end();
    if (values.has(oid)) throw fault(`the extension ${oid} stands twice`);
    if (critical && derBoolean(critical) && !understood.has(oid))
      throw fault(`the critical extension ${oid} is unknown`);
    values.set(oid, value);
  }
  return values;
}

function readBasicConstraints(
  value: DerReader | undefined,
): Pick<CertificateExtensions, "isCertificateAuthority" | "pathLength"> {
  const constraints = value?.enter(derTags.sequence);
  value?.end();
  const authority = constraints?.find(derTags.boolean);
  const length = constraints?.find(derTags.integer);
  constraints?.end();
  return {
    isCertificateAuthority: authority !== undefined && derBoolean(authority),
    pathLength: length && derSmallInteger(length),
  };
}

function readKeyUsage(value: DerReader | undefined): CertificateExtensions["keyUsage"] {
  const names = new Set<"digitalSignature" | "keyCertSign">();
  if (!value) return names;
  const [first = 0] = derBitString(value.read(derTags.bitString)).bytes;
  value.end();
  if (first & digitalSignatureBit) names.add("digitalSignature");
  if (first & keyCertSignBit) names.add("keyCertSign");
  return names;
}

function readExtendedKeyUsage(value: DerReader | undefined): readonly string[] {
  const purposes = value?.enter(derTags.sequence).rest() ?? [];
  value?.end();
  return purposes.map(derOidOf);
}

function derOidOf(value: DerValue): string {
  return derOid(new DerReader(value.whole).read(derTags.oid));
}

function readNames(value: DerReader | undefined): Pick<CertificateExtensions, "uris" | "otherNames"> {
  const names = value?.enter(derTags.sequence).rest() ?? [];
  value?.end();
  return {
    uris: names.filter(({ tag }) => tag === nameTags.uri).map(({ content }) => parseUtf8(content)),
    otherNames: names.filter(({ tag }) => tag !== nameTags.uri).map(describeName),
  };
}

function describeName({ tag, content }: DerValue): string {
  return tag === nameTags.rfc822Name || tag === nameTags.dnsName ? parseUtf8(content) : "other";
}

function readText(value: DerReader | undefined): string | undefined {
  const text = value?.read(derTags.utf8String);
  value?.end();
  return text && parseUtf8(text.content);
}
