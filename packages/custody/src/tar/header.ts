import { parseUtf8 } from "custody/ground";

import { tarFault } from "./faults.ts";

/** One header block, as it is written (POSIX.1-2001, pax §ustar Interchange Format; GNU's magic is read too). */
export interface RawHeader {
  readonly name: string;
  readonly mode: number;
  readonly sizeBytes: number;
  /** The type flag's character; "0" also for the NUL of old archives. */
  readonly typeFlag: string;
  readonly linkName: string;
}

const checksumStart = 148;
const checksumEnd = 156;

/** @throws CustodyError `tar/header` for a wrong checksum, a foreign magic or a number that is not octal. */
export function parseHeader(block: Uint8Array): RawHeader {
  if (parseOctal(block, checksumStart, 8) !== checksumOf(block))
    throw fault("the header's checksum is wrong");
  const magic = parseText(block, 257, 6);
  if (magic !== "ustar" && magic !== "ustar ") throw fault("the header is not in ustar format");
  const prefix = magic === "ustar" ? parseText(block, 345, 155) : "";
  const name = parseText(block, 0, 100);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    mode: parseOctal(block, 100, 8),
    sizeBytes: parseSize(block),
    typeFlag: block[156] === 0 ? "0" : String.fromCharCode(block[156] ?? 0),
    linkName: parseText(block, 157, 100),
  };
}

function checksumOf(block: Uint8Array): number {
  return block.reduce((sum, byte, at) => sum + (at >= checksumStart && at < checksumEnd ? 0x20 : byte), 0);
}

function parseText(block: Uint8Array, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return parseUtf8(end === -1 ? field : field.subarray(0, end));
}

function parseOctal(block: Uint8Array, start: number, length: number): number {
  const digits = /^ *([0-7]+)[ \0]*$/.exec(String.fromCharCode(...block.subarray(start, start + length)));
  if (!digits) throw fault("a number in the header is not octal");
  return Number.parseInt(digits[1] ?? "", 8);
}

// GNU's base-256 form, for files of 8 GiB and more: the first bit set, the rest big-endian.
function parseSize(block: Uint8Array): number {
  if (block[124] !== 0x80) return parseOctal(block, 124, 12);
  const size = block.subarray(125, 136).reduce((value, byte) => value * 256 + byte, 0);
  if (!Number.isSafeInteger(size)) throw fault("the size in the header is too large to count");
  return size;
}

function fault(message: string): Error {
  return tarFault("tar/header", message);
}
