import {
  isArray,
  isNumber,
  isObject,
  isSet,
  numberText,
  objectEntries,
  writeJson,
} from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { objectName } from "../../values/json-text.ts";
import { compareNames } from "./name-order.ts";
import { resolveScalar, UnsupportedFloat } from "./resolve.ts";
import { writeLiteral, writeText } from "./scalar.ts";

/** The value as go-yaml writes it: block style, names in their natural order. */
export function writeYaml(value: RegoValue): string {
  return `${writeNode(value, -2, 0).replace(/^\n/, "").replace(/^ /, "")}${endsOpen(value) ? "" : "\n"}`;
}

/** A literal that keeps its last line ends needs none after it. */
function endsOpen(value: RegoValue): boolean {
  const last = isArray(value) ? value.at(-1) : value;
  return last !== value && last !== undefined && endsOpen(last);
}

/** What stands after `name:` or `-`, at that column; it begins with a space or a new line. */
function writeNode(value: RegoValue, indent: number, column: number): string {
  if (typeof value === "string") return ` ${writeString(value, Math.max(indent, 0), column)}`;
  if (isNumber(value)) return ` ${numberScalar(numberText(value))}`;
  const items = isSet(value) ? value.sorted() : isArray(value) ? value : undefined;
  if (items) return items.length === 0 ? " []" : `\n${writeItems(items, Math.max(indent, 0))}`;
  if (!isObject(value)) return ` ${writeJson(value)}`;
  const members = membersOf(value);
  return members.length === 0 ? " {}" : `\n${writeMembers(members, indent + 2)}`;
}

function writeItems(items: readonly RegoValue[], indent: number): string {
  return items.map((item) => `${" ".repeat(indent)}-${writeItem(item, indent)}`).join("\n");
}

/** A collection begins on the line of its dash. */
function writeItem(item: RegoValue, indent: number): string {
  const deeper = isArray(item) || isSet(item);
  const nested = deeper ? writeNode(item, indent + 2, indent + 2) : writeNode(item, indent, indent + 2);
  return nested.startsWith("\n") ? ` ${nested.slice(1).trimStart()}` : nested;
}

type Member = readonly [string, RegoValue];

function membersOf(value: RegoValue): readonly Member[] {
  const entries = isObject(value) ? objectEntries(value) : [];
  return entries
    .map(([key, member]) => [objectName(key), member] as const)
    .sort(([a], [b]) => compareNames(a, b));
}

function writeMembers(members: readonly Member[], indent: number): string {
  const margin = " ".repeat(indent);
  return members
    .map(([key, value]) => {
      const name = margin + writeText(key, { indent, column: indent, isName: true });
      return `${name}:${writeNode(value, indent, name.length + 2)}`;
    })
    .join("\n");
}

function writeString(text: string, indent: number, column: number): string {
  return text.includes("\n")
    ? writeLiteral(text, indent + 2)
    : writeText(text, { indent: indent + 2, column, isName: false });
}

/** Integers of 64 bits as they are, the rest as Go's shortest `%g`. */
function numberScalar(text: string): string {
  const resolved = safely(text);
  const plain = isNumber(resolved) ? numberText(resolved) : text;
  return /^-?\d+$/.test(plain) && /^-?\d+$/.test(text) ? plain : generalFloat(Number(text));
}

function safely(text: string): RegoValue {
  try {
    return resolveScalar(text);
  } catch (error) {
    if (error instanceof UnsupportedFloat) return text;
    throw error;
  }
}

function generalFloat(value: number): string {
  const [digits = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(value);
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits}e${exponent < 0 ? "-" : "+"}${size}`;
}
