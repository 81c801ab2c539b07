import { RE2JS } from "re2js";

import { isArray, isObject, kindName, objectEntries, objectGet } from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";

const typeNames = ["array", "boolean", "integer", "number", "null", "object", "string"];
const depthLimit = 200;

/**
 * Checks that a value is a schema (JSON Schema draft 7, as far as gojsonschema looks).
 *
 * @throws BuiltinError for the first thing that is wrong.
 */
export function checkSchema(schema: RegoValue, depth = 0): void {
  if (typeof schema === "boolean") return;
  if (!isObject(schema)) throw new BuiltinError(`Expected: object, given: ${kindName(schema)}`);
  if (depth > depthLimit) throw new BuiltinError("schema is nested too deep");
  checkTypes(objectGet(schema, "type"));
  checkPattern(objectGet(schema, "pattern"));
  checkRequired(objectGet(schema, "required"));
  for (const part of subschemas(schema)) checkSchema(part, depth + 1);
}

function checkTypes(type: RegoValue | undefined): void {
  if (type === undefined) return;
  const names = isArray(type) ? type : [type];
  for (const name of names) {
    if (typeof name !== "string") throw new BuiltinError("type must be of type string/array of strings");
    if (!typeNames.includes(name))
      throw new BuiltinError(
        `has a primitive type that is NOT VALID -- given: /${name}/ Expected valid values are:[${typeNames.join(" ")}]`,
      );
  }
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (typeof repeated === "string") throw new BuiltinError(`${repeated} type is duplicated`);
}

function checkPattern(pattern: RegoValue | undefined): void {
  if (pattern === undefined) return;
  if (typeof pattern !== "string") throw new BuiltinError("pattern must be of a string");
  if (!findPattern(pattern)) throw new BuiltinError("pattern must be a valid regex");
}

function checkRequired(required: RegoValue | undefined): void {
  if (required === undefined) return;
  if (!isArray(required)) throw new BuiltinError("required must be of an array");
  if (!required.every((name) => typeof name === "string"))
    throw new BuiltinError("required items must be string");
}

/** A regular expression of linear time, or undefined. */
export function findPattern(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}

const single = [
  "additionalItems",
  "additionalProperties",
  "contains",
  "else",
  "if",
  "not",
  "propertyNames",
  "then",
];
const lists = ["allOf", "anyOf", "oneOf"];
const named = ["definitions", "patternProperties", "properties"];

/** The schemas that stand in a schema. */
function subschemas(schema: AnyObject): readonly RegoValue[] {
  const parts = (names: readonly string[]): readonly RegoValue[] =>
    names.map((name) => objectGet(schema, name)).filter((part) => part !== undefined);
  const items = objectGet(schema, "items");
  return [
    ...parts(single),
    ...parts(lists).flatMap((list) => (isArray(list) ? list : [])),
    ...parts(named).flatMap((group) => (isObject(group) ? objectEntries(group).map(([, part]) => part) : [])),
    ...(items === undefined ? [] : isArray(items) ? items : [items]),
  ];
}
