import {
  concatBytes,
  derBitString,
  derOid,
  DerReader,
  derSmallInteger,
  derTags,
  readDer,
  toBase64,
} from "custody/ground";
import type { Bytes, DerValue } from "custody/ground";

import { stringBytes } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import { findPem } from "../crypto/pem.ts";
import { decodeBase64 } from "../encoding/base64-codec.ts";
import { signatureAlgorithm } from "./algorithms.ts";
import { alternativeNames, extensionList, parseExtensions } from "./extensions.ts";
import type { Extension } from "./extensions.ts";
import { arcs, nameValue } from "./names.ts";
import { publicKeyValue } from "./public-key.ts";
import { orMalformed } from "./source.ts";

const pemType = "CERTIFICATE REQUEST";

/**
 * A certificate request (RFC 2986) as Go's `x509.CertificateRequest` shows in JSON.
 *
 * @throws BuiltinError
 */
export function parseRequest(text: string): RegoValue {
  const isPem = text.startsWith(`-----BEGIN ${pemType}-----`);
  const bytes = concatBytes(isPem ? stringBytes(text) : decodeBase64(stringBytes(text), "standard"));
  const block = findPem(new TextDecoder().decode(bytes));
  if (block && block.type !== pemType)
    throw new BuiltinError("invalid PEM-encoded certificate signing request");
  return orMalformed("certificate request", () => requestValue(block?.bytes ?? bytes));
}

function requestValue(raw: Bytes): RegoValue {
  const outer = readDer(raw, derTags.sequence);
  const body = outer.read(derTags.sequence);
  const algorithm = signatureAlgorithm(outer.read(derTags.sequence));
  const signature = derBitString(outer.read(derTags.bitString)).bytes;
  const reader = new DerReader(body.content);
  const version = derSmallInteger(reader.read(derTags.integer));
  const subject = reader.read(derTags.sequence);
  const spki = reader.read(derTags.sequence).whole;
  const extensions = requestedExtensions(reader.find(0xa0));
  const { uris: _, ...names } = alternativeNames(extensions);
  const { key, algorithm: keyAlgorithm } = publicKeyValue(spki);
  return {
    ...names,
    Attributes: attributesValue(extensions),
    Extensions: extensionList(extensions),
    ExtraExtensions: null,
    PublicKey: key,
    PublicKeyAlgorithm: keyAlgorithm,
    Raw: toBase64(raw),
    RawSubject: toBase64(subject.whole),
    RawSubjectPublicKeyInfo: toBase64(spki),
    RawTBSCertificateRequest: toBase64(body.whole),
    Signature: toBase64(signature),
    SignatureAlgorithm: algorithm.number,
    Subject: nameValue(subject),
    Version: version,
  };
}

/** RFC 2985 §5.4.2. */
const extensionRequest = "1.2.840.113549.1.9.14";

/** The attribute that holds the extensions, as Go still reads it: of a critical one it takes the mark for the value. */
function attributesValue(extensions: readonly Extension[]): RegoValue {
  if (extensions.length === 0) return null;
  const values = extensions.map(({ oid, critical, value }) => ({
    Type: arcs(oid),
    Value: critical ? true : toBase64(value),
  }));
  return [{ Type: arcs(extensionRequest), Value: [values] }];
}

function requestedExtensions(attributes: DerValue | undefined): readonly Extension[] {
  if (!attributes) return [];
  return new DerReader(attributes.content).rest().flatMap(({ content }) => {
    const reader = new DerReader(content);
    if (derOid(reader.read(derTags.oid)) !== extensionRequest) return [];
    return parseExtensions(reader.enter(derTags.set).enter(derTags.sequence));
  });
}
