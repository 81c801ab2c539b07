import { objectOf, readJson } from "custody/rego";
import type { RegoValue } from "custody/rego";

import type { Lines, ValuePath } from "../format.ts";
import { Scanner } from "./scanner.ts";

interface Place {
  readonly path: ValuePath;
  readonly lines: Lines;
}

/** Where an expression may end. */
const ends = { line: /[\n}]/, item: /[,\]}\n]/, list: /[,\]]/ } as const;
type End = keyof typeof ends;

/** The value of an attribute: literals, texts, lists and objects are themselves, anything else is `${source}`. */
export function readExpression(scanner: Scanner, place: Place, end: End = "line"): RegoValue {
  const start = scanner.at;
  const found = scanner.nest(() => readValue(scanner, place));
  scanner.skip(end === "list" ? "lines" : "spaces");
  if (found !== undefined && isAtEnd(scanner, end, start)) return found;
  scanner.at = start;
  return `\${${readSource(scanner, end)}}`;
}

function isAtEnd(scanner: Scanner, end: End, start: number): boolean {
  const isHereDocument = scanner.text.startsWith("<<", start) && scanner.text[scanner.at] === "\n";
  return scanner.isAtEnd || isHereDocument || ends[end].test(scanner.next);
}

/** A value that is no computation; undefined where something else begins. */
function readValue(scanner: Scanner, place: Place): RegoValue | undefined {
  const start = scanner.at;
  if (scanner.next === '"') {
    scanner.skipQuoted();
    return textOf(scanner.text.slice(start + 1, scanner.at - 1));
  }
  if (scanner.startsWith("<<")) return scanner.takeHereDocument();
  if (scanner.next === "[") return readList(scanner, place);
  if (scanner.next === "{") return readObject(scanner, place);
  const word = scanner.take(
    /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|!?(?:true|false)(?![\w-])|null(?![\w-])/y,
  );
  if (word === undefined) return undefined;
  return word.startsWith("!") ? word === "!false" : readJson(word);
}

/** The source of an expression, as it is written. */
function readSource(scanner: Scanner, end: End): string {
  const start = scanner.at;
  let last = start;
  for (scanner.skip("spaces"); !scanner.isAtEnd && !ends[end].test(scanner.next); skipBetween(scanner, end)) {
    const isOperand = /[\p{ID_Start}_\d"{]/u.test(scanner.next);
    if (isOperand && /[\p{ID_Continue}")\]}]$/u.test(scanner.text.slice(start, last))) {
      scanner.fail("an operator or an end of line is wanted");
    }
    scanner.skipToken();
    last = scanner.at;
  }
  if (last === start) scanner.fail("a value is wanted", start);
  return scanner.text.slice(start, last);
}

function skipBetween(scanner: Scanner, end: End): void {
  scanner.skip(end === "list" ? "lines" : "spaces");
}

/** Undefined for a `for` expression. */
function readList(scanner: Scanner, { path, lines }: Place): RegoValue | undefined {
  scanner.at++;
  const items: RegoValue[] = [];
  for (scanner.skip("lines"); !scanner.takeIf("]"); scanner.skip("lines")) {
    if (isFor(scanner)) return undefined;
    const inner = [...path, items.length];
    lines.set(inner, scanner.lineAt());
    items.push(readExpression(scanner, { path: inner, lines }, "list"));
    scanner.skip("lines");
    if (!scanner.takeIf(",") && scanner.next !== "]") scanner.fail(", or ] is wanted");
  }
  return items;
}

function isFor(scanner: Scanner): boolean {
  return /^for\s/.test(scanner.text.slice(scanner.at, scanner.at + 4));
}

function readObject(scanner: Scanner, { path, lines }: Place): RegoValue | undefined {
  scanner.at++;
  const members: [string, RegoValue][] = [];
  for (scanner.skip("lines"); !scanner.takeIf("}"); scanner.skip("lines")) {
    if (isFor(scanner)) return undefined;
    const place = scanner.at;
    const key = readKey(scanner);
    const inner = [...path, key];
    lines.set(inner, scanner.lineAt(place));
    scanner.skip("spaces");
    if (!scanner.takeIf("=") && !scanner.takeIf(":")) scanner.fail("= or : is wanted");
    scanner.skip("spaces");
    members.push([key, readExpression(scanner, { path: inner, lines }, "item")]);
    scanner.skip("spaces");
    if (!scanner.takeIf(",") && !/[\n}]/.test(scanner.next))
      scanner.fail("a comma or an end of line is wanted");
  }
  return objectOf(members);
}

function readKey(scanner: Scanner): string {
  const start = scanner.at;
  if (scanner.next === '"') {
    scanner.skipQuoted();
    return textOf(scanner.text.slice(start + 1, scanner.at - 1));
  }
  const name = scanner.take(/[\p{ID_Start}_][\p{ID_Continue}-]*|\d+/uy);
  if (name !== undefined && /^[ \t]*[=:]/.test(scanner.text.slice(scanner.at))) return name;
  scanner.at = start;
  while (!scanner.isAtEnd && !/[=:\n]/.test(scanner.next)) {
    scanner.skipToken();
    scanner.skip("spaces");
  }
  const source = scanner.text.slice(start, scanner.at).trimEnd();
  return source.startsWith("(") ? `\${${source}}` : source;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

/** The text between quotes; what is in `${…}` stays as it is written. */
function textOf(source: string): string {
  const scanner = new Scanner(source);
  let text = "";
  while (!scanner.isAtEnd) {
    const start = scanner.at;
    const written = scanner.take(/(?:[^\\$%]|\$\$\{|%%\{|[$%](?!\{))+/y);
    if (written === undefined && scanner.next !== "\\") scanner.skipInterpolation();
    const read = source.slice(start, scanner.at);
    text += scanner.at === start ? readEscape(scanner) : written === undefined ? trimmed(read) : read;
  }
  return text;
}

/** `${ a }` is `${a}`. */
function trimmed(interpolation: string): string {
  return `${interpolation.slice(0, 2)}${interpolation.slice(2, -1).trim()}}`;
}

function readEscape(scanner: Scanner): string {
  const written = scanner.take(/\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[nrt"\\])/y);
  if (written === undefined) return scanner.fail("a backslash escapes nothing");
  const short = escapes[written.slice(1)];
  return short ?? String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(written.slice(2), 16)));
}
