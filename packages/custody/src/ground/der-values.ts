import type { Bytes } from "./bytes.ts";
import { parseUtf8 } from "./bytes.ts";
import type { DerValue } from "./der-reader.ts";
import { derFault, derTags } from "./der-reader.ts";
import type { Instant } from "./instant.ts";
import { parseInstant } from "./instant.ts";

const maxOidBytes = 64;

/** BOOLEAN: DER knows one true and one false (X.690 §11.1). */
export function derBoolean({ content }: DerValue): boolean {
  const [byte] = content;
  if (content.length !== 1 || (byte !== 0x00 && byte !== 0xff))
    throw derFault("a BOOLEAN is neither 00 nor FF");
  return byte === 0xff;
}

/** A small INTEGER that is not negative: versions, path lengths, status codes. */
export function derSmallInteger({ content }: DerValue): number {
  const [first = 0xff, second = 0xff] = content;
  const isShortest = content.length === 1 || first !== 0 || second >= 0x80;
  if (content.length === 0 || content.length > 4 || first >= 0x80 || !isShortest) {
    throw derFault("an INTEGER is negative, too large, or not in its shortest form");
  }
  return content.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** A dotted OBJECT IDENTIFIER (X.690 §8.19). */
export function derOid({ content }: DerValue): string {
  if (content.length === 0 || content.length > maxOidBytes)
    throw derFault("an OBJECT IDENTIFIER has no such size");
  const arcs: number[] = [];
  let arc = 0;
  let isFirstByte = true;
  for (const byte of content) {
    if (isFirstByte && byte === 0x80) throw derFault("an arc is not in its shortest form");
    arc = arc * 128 + (byte & 0x7f);
    isFirstByte = (byte & 0x80) === 0;
    if (!Number.isSafeInteger(arc)) throw derFault("an arc is too large");
    if (isFirstByte) arcs.push(arc);
    if (isFirstByte) arc = 0;
  }
  if (!isFirstByte) throw derFault("an OBJECT IDENTIFIER ends within an arc");
  const [first = 0, ...rest] = arcs;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join(".");
}

/** The bytes of a BIT STRING, and how many bits at their end do not count; those must be zero (X.690 §11.2.1). */
export function derBitString({ content }: DerValue): { readonly bytes: Bytes; readonly unusedBits: number } {
  const unusedBits = content[0] ?? 8;
  const bytes = content.subarray(1);
  const last = bytes.at(-1) ?? 0;
  if (unusedBits > 7 || (bytes.length === 0 && unusedBits > 0) || (last & ((1 << unusedBits) - 1)) !== 0) {
    throw derFault("a BIT STRING has no such unused bits");
  }
  return { bytes, unusedBits };
}

/**
 * UTCTime or GeneralizedTime in the forms DER allows: seconds, `Z`, a fraction without trailing zeros (X.690 §11.7,
 * §11.8); two-digit years as RFC 5280 §4.1.2.5.1 reads them. Digits below a millisecond are dropped.
 */
export function derTime({ tag, content }: DerValue): Instant {
  const text = parseUtf8(content);
  const pattern =
    tag === derTags.utcTime ? utcTime : tag === derTags.generalizedTime ? generalizedTime : undefined;
  const fields = pattern?.exec(text);
  if (!fields) throw derFault("a time is not in DER's form");
  const [, year = "", month, day, hour, minute, second, fraction = ""] = fields;
  const fullYear = year.length === 4 ? year : `${Number(year) < 50 ? "20" : "19"}${year}`;
  return parseInstant(`${fullYear}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`);
}

const utcTime = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const generalizedTime = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{0,8}[1-9])?Z$/;
