import { RE2JS } from "re2js";

import { compareNumbers, findInt64, isArray, isNumber, objectGet, RegoSet } from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import { parseReference } from "../uri/reference.ts";
import type { Draft } from "./draft.ts";

/*
 * What the words of a schema that hold no schemas must be. All throw BuiltinError in gojsonschema's words.
 */

/** A text that is a reference (RFC 3986 §4.1). */
export function checkReference(schema: AnyObject, name: string): void {
  checkText(schema, name);
  const value = objectGet(schema, name);
  if (typeof value === "string") parseReference(value);
}

export function checkText(schema: AnyObject, name: string): void {
  const value = objectGet(schema, name);
  if (value !== undefined && typeof value !== "string")
    throw new BuiltinError(`Invalid type. Expected: string, given: ${name}`);
}

const typeNames = ["array", "boolean", "integer", "number", "null", "object", "string"];

export function checkTypes(schema: AnyObject): void {
  const type = objectGet(schema, "type");
  if (type === undefined) return;
  const seen = new Set<string>();
  for (const name of isArray(type) ? type : [type]) {
    if (typeof name !== "string")
      throw new BuiltinError("Invalid type. Expected: type, given: string/Array Of Strings");
    if (!typeNames.includes(name))
      throw new BuiltinError(
        `has a primitive type that is NOT VALID -- given: /${name}/ Expected valid values are:[${typeNames.join(" ")}]`,
      );
    if (seen.has(name)) throw new BuiltinError(`${name} type is duplicated`);
    seen.add(name);
  }
}

export function checkBounds(schema: AnyObject, draft: Draft): void {
  checkMultiple(objectGet(schema, "multipleOf"));
  for (const [name, exclusive] of [
    ["minimum", "exclusiveMinimum"],
    ["maximum", "exclusiveMaximum"],
  ] as const) {
    const bound = objectGet(schema, name);
    if (bound !== undefined && !isNumber(bound)) throw new BuiltinError(`${name} must be of a Number`);
    checkExclusive(objectGet(schema, exclusive), { name, exclusive, hasBound: bound !== undefined, draft });
  }
}

function checkMultiple(divisor: RegoValue | undefined): void {
  if (divisor === undefined) return;
  if (!isNumber(divisor)) throw new BuiltinError("Invalid type. Expected: Number, given: multipleOf");
  if (compareNumbers(divisor, 0) <= 0) throw new BuiltinError("multipleOf must be strictly greater than 0");
}

interface Exclusive {
  readonly name: string;
  readonly exclusive: string;
  readonly hasBound: boolean;
  readonly draft: Draft;
}

/** A switch for the bound in draft 4, a bound of its own since. */
function checkExclusive(value: RegoValue | undefined, { name, exclusive, hasBound, draft }: Exclusive): void {
  if (value === undefined) return;
  const [takesSwitch, takesNumber] = [draft === 4 || draft === Infinity, draft !== 4];
  if (typeof value === "boolean" && takesSwitch) {
    if (!hasBound) throw new BuiltinError(`${exclusive} cannot be used without ${name}`);
  } else if (!isNumber(value) || !takesNumber) {
    const wanted = [...(takesSwitch ? ["boolean"] : []), ...(takesNumber ? ["number"] : [])].join("/");
    throw new BuiltinError(`Invalid type. Expected: ${wanted}, given: ${exclusive}`);
  }
}

export function checkLengths(schema: AnyObject): void {
  const [least, most] = [checkCount(schema, "minLength"), checkCount(schema, "maxLength")];
  if (least > most) throw new BuiltinError("minLength cannot be greater than maxLength");
  checkText(schema, "pattern");
  const pattern = objectGet(schema, "pattern");
  if (typeof pattern === "string" && !findPattern(pattern))
    throw new BuiltinError("pattern must be a valid regex");
  checkText(schema, "format");
}

/** `minProperties` and `maxProperties`, or the same of items. */
export function checkSizes(schema: AnyObject, what: "Properties" | "Items"): void {
  const [least, most] = [checkCount(schema, `min${what}`), checkCount(schema, `max${what}`)];
  if (what === "Properties" && least > most)
    throw new BuiltinError("minProperties cannot be greater than maxProperties");
  const unique = objectGet(schema, "uniqueItems");
  if (what === "Items" && unique !== undefined && typeof unique !== "boolean")
    throw new BuiltinError("uniqueItems must be of a boolean");
}

/** The count, or what bounds nothing. */
function checkCount(schema: AnyObject, name: string): bigint | number {
  const value = objectGet(schema, name);
  if (value === undefined) return name.startsWith("min") ? 0 : Infinity;
  const count = isNumber(value) ? findInt64(value) : undefined;
  if (count === undefined) throw new BuiltinError(`${name} must be of an integer`);
  if (count < 0n) throw new BuiltinError(`${name} must be greater than or equal to 0`);
  return count;
}

export function checkRequired(schema: AnyObject): void {
  const seen = new Set<string>();
  for (const name of listOf(schema, "required")) {
    if (typeof name !== "string") throw new BuiltinError("Invalid type. Expected: string, given: required");
    if (seen.has(name)) throw new BuiltinError("required items must be unique");
    seen.add(name);
  }
}

export function checkChoices(schema: AnyObject): void {
  const choices = listOf(schema, "enum");
  if (new RegoSet(choices).size < choices.length) throw new BuiltinError("enum items must be unique");
}

function listOf(schema: AnyObject, name: string): readonly RegoValue[] {
  const list = objectGet(schema, name);
  if (list === undefined) return [];
  if (isArray(list)) return list;
  throw new BuiltinError(`${name} must be of an array`);
}

/** A regular expression of linear time, or undefined. */
export function findPattern(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}
