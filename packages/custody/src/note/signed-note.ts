import { concatBytes, parseBase64, parseHex, parseUtf8, toBase64, toHex } from "custody/ground";
import type { Bytes } from "custody/ground";

import { noteFault } from "./faults.ts";

/** One signature line: who is said to have signed, and the signature, which nothing has verified yet. */
export interface NoteSignature {
  readonly name: string;
  /** The four bytes of the key ID, in hexadecimal. */
  readonly keyId: string;
  readonly signature: Bytes;
}

/** A note as it came, its signatures not verified: the text is nobody's yet (C2SP signed-note, Format). */
export interface SignedNote {
  /** With its final newline; what the signatures are over, as UTF-8. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const noteLimitBytes = 1_000_000;
const signatureLimit = 64;

const keyIdBytes = 4;
const signatureLine = /^— ([^ ]+) ([^ ]+)$/u;

/**
 * The parts of a signed note (C2SP signed-note, Format). It verifies nothing.
 *
 * @throws CustodyError `note/syntax` for anything that is not exactly a note; `note/limit` above a million bytes or
 * 64 signatures.
 */
export function parseNote(source: Uint8Array | string): SignedNote {
  if (source.length > noteLimitBytes) throw noteFault("note/limit", "the note is too large");
  const note = typeof source === "string" ? source : readUtf8(source);
  if (!note.isWellFormed() || hasControlCharacter(note)) {
    throw noteFault("note/syntax", "the note has characters that a note may not have");
  }
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) throw noteFault("note/syntax", "the note has no signatures");
  return { text: note.slice(0, end + 1), signatures: parseSignatures(note.slice(end + 2)) };
}

function readUtf8(source: Uint8Array): string {
  try {
    return parseUtf8(source);
  } catch (cause) {
    throw noteFault("note/syntax", "the note is not valid UTF-8", { cause });
  }
}

function parseSignatures(lines: string): NoteSignature[] {
  const each = lines.split("\n").slice(0, -1);
  if (each.length > signatureLimit) throw noteFault("note/limit", "the note has too many signatures");
  if (each.length === 0) throw noteFault("note/syntax", "the note has no signatures");
  return each.map(parseSignature);
}

function parseSignature(line: string): NoteSignature {
  const [, name = "", base64 = ""] = signatureLine.exec(line) ?? [];
  const bytes = findBase64(base64);
  if (!isKeyName(name) || !bytes || bytes.length <= keyIdBytes) {
    throw noteFault("note/syntax", "a signature line is malformed");
  }
  return { name, keyId: toHex(bytes.subarray(0, keyIdBytes)), signature: bytes.slice(keyIdBytes) };
}

function findBase64(text: string): Bytes | undefined {
  try {
    return parseBase64(text);
  } catch {
    return undefined;
  }
}

// U+0000 to U+001F except the newline.
function hasControlCharacter(text: string): boolean {
  return /[^\P{Cc}\n\x7f-\x9f]/u.test(text);
}

/** True for a name that a key may have: not empty, no Unicode space, no plus sign, no control character. */
export function isKeyName(name: string): boolean {
  return (
    name !== "" && name.isWellFormed() && !/[\p{White_Space}+]/u.test(name) && !hasControlCharacter(name)
  );
}

/** The note as it is served; {@link parseNote} reads it back. */
export function formatNote(note: SignedNote): string {
  return `${note.text}\n${formatSignatures(note.signatures)}`;
}

/** Signature lines as they stand in a note. */
export function formatSignatures(signatures: readonly NoteSignature[]): string {
  return signatures.map(formatSignature).join("");
}

function formatSignature({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${toBase64(concatBytes(parseHex(keyId), signature))}\n`;
}
