import { parseUtf8 } from "custody/ground";

import { tarFault } from "./faults.ts";

/** What the extended headers before an entry say about it; they win over the entry's own header. */
export interface Overrides {
  readonly path?: string;
  readonly linkName?: string;
  readonly sizeBytes?: number;
}

/** Said about an entry and of no effect on a tree: times, owners, remarks. */
const ignoredKeys: ReadonlySet<string> = new Set([
  "atime",
  "ctime",
  "mtime",
  "uid",
  "gid",
  "uname",
  "gname",
  "comment",
]);

/**
 * The records of an extended header (POSIX.1-2001, pax §pax Extended Header).
 *
 * @throws CustodyError `tar/pax` for a malformed or repeated record, or a key that changes what the entry is
 *   (sparse files, extended attributes, foreign character sets).
 */
export function parsePax(body: Uint8Array): Overrides {
  const records = parseRecords(body);
  const unknown = [...records.keys()].find((key) => !isKnown(key));
  if (unknown !== undefined)
    throw fault(`the extended header has the key ${JSON.stringify(unknown.slice(0, 80))}`);
  const [path, linkName, size] = [records.get("path"), records.get("linkpath"), records.get("size")];
  return {
    ...(path === undefined ? {} : { path }),
    ...(linkName === undefined ? {} : { linkName }),
    ...(size === undefined ? {} : { sizeBytes: parseDecimal(size) }),
  };
}

/** Checks a global header: only remarks are accepted (git archive writes the commit there). */
export function checkGlobalPax(body: Uint8Array): void {
  const key = [...parseRecords(body).keys()].find((key) => key !== "comment");
  if (key !== undefined) throw fault(`the global header has the key ${JSON.stringify(key.slice(0, 80))}`);
}

function isKnown(key: string): boolean {
  return key === "path" || key === "linkpath" || key === "size" || ignoredKeys.has(key);
}

function parseRecords(body: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at);
    const length = space === -1 ? 0 : parseDecimal(parseUtf8(body.subarray(at, space)));
    const end = at + length;
    if (end <= space + 1 || end > body.length || body[end - 1] !== 0x0a)
      throw fault("a record's length is wrong");
    addRecord(records, parseUtf8(body.subarray(space + 1, end - 1)));
    at = end;
  }
  return records;
}

function addRecord(records: Map<string, string>, record: string): void {
  const equals = record.indexOf("=");
  const key = record.slice(0, Math.max(equals, 0));
  if (key === "" || records.has(key)) throw fault("a record has no key, or the key of another one");
  records.set(key, record.slice(equals + 1));
}

function parseDecimal(text: string): number {
  if (!/^(0|[1-9]\d{0,14})$/.test(text)) throw fault("a number in the extended header is not decimal");
  return Number(text);
}

function fault(message: string): Error {
  return tarFault("tar/pax", message);
}
