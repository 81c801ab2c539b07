import { derBitString, DerReader, derSmallInteger, derTags, derTime, readDer } from "custody/ground";
import type { Bytes, DerValue, Instant } from "custody/ground";

import { signatureAlgorithm } from "./algorithms.ts";
import type { SignatureAlgorithm } from "./algorithms.ts";
import { parseExtensions } from "./extensions.ts";
import type { Extension } from "./extensions.ts";

/** A certificate in its parts (RFC 5280 §4.1). */
export interface Certificate {
  readonly raw: Bytes;
  readonly signed: Bytes;
  readonly version: number;
  readonly serialNumber: Bytes;
  readonly issuer: DerValue;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly subject: DerValue;
  readonly spki: Bytes;
  readonly extensions: readonly Extension[];
  readonly algorithm: SignatureAlgorithm;
  readonly signature: Bytes;
}

/** @throws CustodyError `der/malformed` */
export function parseCertificate({ whole }: DerValue): Certificate {
  const outer = readDer(whole, derTags.sequence);
  const body = outer.read(derTags.sequence);
  const algorithm = signatureAlgorithm(outer.read(derTags.sequence));
  const signature = derBitString(outer.read(derTags.bitString)).bytes;
  outer.end();
  return { raw: whole, signed: body.whole, algorithm, signature, ...parseBody(new DerReader(body.content)) };
}

function parseBody(reader: DerReader): Omit<Certificate, "raw" | "signed" | "algorithm" | "signature"> {
  const version = reader.find(0xa0);
  const serialNumber = reader.read(derTags.integer).content;
  reader.read(derTags.sequence);
  const issuer = reader.read(derTags.sequence);
  const validity = reader.enter(derTags.sequence);
  const [notBefore, notAfter] = [derTime(validity.next()), derTime(validity.next())];
  const subject = reader.read(derTags.sequence);
  const spki = reader.read(derTags.sequence).whole;
  reader.find(0x81);
  reader.find(0x82);
  const extensions = reader.find(0xa3);
  return {
    version: version ? derSmallInteger(new DerReader(version.content).read(derTags.integer)) + 1 : 1,
    serialNumber,
    issuer,
    notBefore,
    notAfter,
    subject,
    spki,
    extensions: extensions ? parseExtensions(new DerReader(extensions.content).enter(derTags.sequence)) : [],
  };
}
