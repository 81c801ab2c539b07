import type { Bytes } from "custody/ground";
import { concatBytes, CustodyError, parseUtf8 } from "custody/ground";

import type { ObjectId } from "./object.ts";
import { parseObjectId } from "./object.ts";

/** A commit object read from its raw bytes (gitformat-commit), with what its signature covers. */
export interface Commit {
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  /** `Name <email> seconds zone`, as claimed; nothing here is trusted, the time least of all. */
  readonly author: string;
  readonly committer: string;
  readonly subject: string;
  /** The armored signature of the `gpgsig` header, or undefined for an unsigned commit. */
  readonly signature: string | undefined;
  /** The raw bytes without the signature header: exactly what was signed. */
  readonly signedPayload: Bytes;
}

interface Header {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export const maxCommitBytes = 1024 * 1024;
const maxHeaders = 256;
const signatureHeaders = ["gpgsig", "gpgsig-sha256"];
const once = ["tree", "author", "committer", "encoding", ...signatureHeaders];

/**
 * Reads a commit strictly: git's own header order, no header twice, at most one signature.
 * Two readers of an accepted commit see the same tree (the lesson of CVE-2026-44309).
 *
 * @throws CustodyError `git/commit`.
 */
export function parseCommit(raw: Bytes): Commit {
  if (raw.length > maxCommitBytes) throw commitFault(`it is larger than ${maxCommitBytes} bytes`);
  const { headers, bodyStart } = readHeaders(raw);
  checkOrder(headers);
  const signature = headers.find(({ name }) => signatureHeaders.includes(name));
  return {
    tree: parseObjectId(valueOf(headers, "tree")),
    parents: headers.filter(({ name }) => name === "parent").map(({ value }) => parseObjectId(value)),
    author: valueOf(headers, "author"),
    committer: valueOf(headers, "committer"),
    subject: looseText(raw.subarray(bodyStart)).split("\n", 1)[0] ?? "",
    signature: signature?.value,
    signedPayload: signature
      ? concatBytes(raw.subarray(0, signature.start), raw.subarray(signature.end))
      : new Uint8Array(raw),
  };
}

function readHeaders(raw: Bytes): { headers: Header[]; bodyStart: number } {
  const headers: Header[] = [];
  let at = 0;
  while (raw[at] !== 0x0a) {
    if (at >= raw.length || headers.length >= maxHeaders) throw commitFault("the headers do not end");
    const end = endOfHeader(raw, at);
    headers.push(readHeader(raw, at, end));
    at = end;
  }
  return { headers, bodyStart: at + 1 };
}

// A header runs to the first line feed that no space follows (continuation lines begin with a space).
function endOfHeader(raw: Bytes, start: number): number {
  let feed = raw.indexOf(0x0a, start);
  while (feed >= 0 && raw[feed + 1] === 0x20) feed = raw.indexOf(0x0a, feed + 1);
  if (feed < 0) throw commitFault("a header does not end");
  return feed + 1;
}

function readHeader(raw: Bytes, start: number, end: number): Header {
  const text = looseText(raw.subarray(start, end - 1));
  const space = text.indexOf(" ");
  if (space <= 0 || text.includes("\0")) throw commitFault("a header is not `name value`");
  return { name: text.slice(0, space), value: text.slice(space + 1).replaceAll("\n ", "\n"), start, end };
}

function checkOrder(headers: readonly Header[]): void {
  const names = headers.map(({ name }) => name);
  for (const name of once) {
    if (names.indexOf(name) !== names.lastIndexOf(name)) throw commitFault(`the header ${name} stands twice`);
  }
  if (signatureHeaders.every((name) => names.includes(name))) throw commitFault("it has two signatures");
  const parents = names.filter((name) => name === "parent").length;
  const expected = ["tree", ...Array.from({ length: parents }, () => "parent"), "author", "committer"];
  if (!expected.every((name, i) => names[i] === name)) {
    throw commitFault("its headers are not tree, parents, author, committer in that order");
  }
}

function valueOf(headers: readonly Header[], name: string): string {
  const header = headers.find((header) => header.name === name);
  if (!header) throw commitFault(`the header ${name} is missing`);
  return header.value;
}

// Names and messages may be in an old encoding: shown as well as can be, never compared.
function looseText(bytes: Uint8Array): string {
  try {
    return parseUtf8(bytes);
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  }
}

function commitFault(message: string): CustodyError<"git/commit"> {
  return new CustodyError("git/commit", `the commit object is malformed: ${message}`, {
    next: "run `git fsck` in the repository it comes from",
  });
}
