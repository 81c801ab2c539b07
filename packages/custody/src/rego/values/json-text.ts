import { Boxed } from "./boxed.ts";
import { objectEntries } from "./entries.ts";
import { RegoFault } from "../faults.ts";
import { kindOf, kinds } from "./kinds.ts";
import { numberOf, numberText } from "./number.ts";
import type { AnyNumber } from "./number.ts";
import { setName } from "./object.ts";
import type { RegoSet } from "./set.ts";
import { withinStack } from "./stack.ts";
import { compareStrings } from "./strings.ts";
import type { AnyObject, RegoArray, RegoValue } from "./value.ts";

/**
 * What may be a number that JSON.parse would not keep whole: sixteen digits, an exponent, a last zero after the point,
 * minus zero. It is found where a number can stand, and in some strings: those are looked at again.
 */
const perhapsLossy = /(?:"\s*:|[[,])\s*-?(?:\d[\d.]{15}|\d+(?:\.\d+)?[eE]|\d+\.\d*0(?!\d)|(?<=-)0)|^\s*-?\d/;

/** A string, which is passed over, or a number. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * The value of a JSON text (RFC 8259), every digit of its numbers kept. Of two equal keys the later counts, as in Go.
 *
 * @throws RegoFault `rego/json`.
 */
export function readJson(text: string): RegoValue {
  try {
    const source = text.toWellFormed();
    const isLossy = perhapsLossy.test(source) && hasLossyNumber(source);
    const value = (isLossy ? JSON.parse(source, keepDigits) : JSON.parse(source)) as RegoValue;
    return surrogateEscape.test(source) ? wellFormed(value) : value;
  } catch (cause) {
    throw new RegoFault("rego/json", `not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** Half a character may be escaped, which stands for U+FFFD: in memory it would be a byte (`byte-strings.ts`). */
const surrogateEscape = /\\u[dD][89a-fA-F]/;

function wellFormed(value: RegoValue): RegoValue {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return (value as RegoArray).map(wellFormed);
  if (typeof value !== "object" || value === null || value instanceof Boxed) return value;
  const object: Record<string, RegoValue> = {};
  for (const [name, member] of Object.entries(value))
    setName(object, name.toWellFormed(), wellFormed(member));
  return object;
}

function hasLossyNumber(text: string): boolean {
  for (const [token] of text.matchAll(stringOrNumber)) {
    if (!token.startsWith('"') && String(Number(token)) !== token) return true;
  }
  return false;
}

function keepDigits(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === "number" && context?.source !== undefined ? numberOf(context.source) : value;
}

/**
 * The JSON text of a value: sets as sorted arrays, keys that are no strings as their JSON text, numbers digit by digit.
 */
export function writeJson(value: RegoValue): string {
  return withinStack("the value", () => writeValue(value));
}

function writeValue(value: RegoValue): string {
  switch (kindOf(value)) {
    case kinds.number:
      return numberText(value as AnyNumber);
    case kinds.array:
      return `[${(value as RegoArray).map(writeValue).join()}]`;
    case kinds.set:
      return `[${(value as RegoSet).sorted().map(writeValue).join()}]`;
    case kinds.object:
      return writeObject(value as AnyObject);
    case kinds.string:
      return writeText(value as string);
    default:
      return JSON.stringify(value);
  }
}

/** A byte that belongs to no character (`byte-strings.ts`) shows as U+FFFD. */
function writeText(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

function writeObject(object: AnyObject): string {
  const named = objectEntries(object).map(([key, value]) => [objectName(key), value] as const);
  if (object instanceof Boxed) named.sort(([a], [b]) => compareStrings(a, b));
  return `{${named.map(([name, value]) => `${JSON.stringify(name)}:${writeValue(value)}`).join()}}`;
}

/** The name that a key has in JSON. */
export function objectName(key: RegoValue): string {
  return typeof key === "string" ? key : writeValue(key);
}

/** A copy with JSON's types only: sets become arrays, and a number becomes the nearest double. */
export function toPlainJson(value: RegoValue): unknown {
  switch (kindOf(value)) {
    case kinds.number:
      return Number(numberText(value as AnyNumber));
    case kinds.array:
      return (value as RegoArray).map(toPlainJson);
    case kinds.set:
      return (value as RegoSet).sorted().map(toPlainJson);
    case kinds.object:
      return plainObject(value as AnyObject);
    default:
      return value;
  }
}

function plainObject(object: AnyObject): Record<string, unknown> {
  const plain: Record<string, RegoValue> = {};
  for (const [key, value] of objectEntries(object))
    setName(plain, objectName(key), toPlainJson(value) as RegoValue);
  return plain;
}
