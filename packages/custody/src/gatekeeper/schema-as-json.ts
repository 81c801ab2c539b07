import { isArray, isObject, objectGet, objectOf } from "custody/rego";
import type { AnyObject, RegoValue } from "custody/rego";

import { fieldsOf } from "./fields.ts";
import { intOrString, isTrue, mapChildren } from "./structural-schema.ts";

const schemaLists = new Set(["allOf", "anyOf", "oneOf"]);

/** Keywords that say nothing about what is valid. */
const silent = new Set(["default", "description", "title", "example", "externalDocs", "nullable"]);

/** A structural schema as JSON Schema, draft 4: `nullable` and `x-kubernetes-int-or-string` become types. */
export function jsonSchemaOf(schema: AnyObject): RegoValue {
  return objectOf([["$schema", "http://json-schema.org/draft-04/schema#"], ...wordsOf(schema)]);
}

function partOf(schema: RegoValue): RegoValue {
  return isObject(schema) ? objectOf(wordsOf(schema)) : schema;
}

function wordsOf(schema: AnyObject): readonly (readonly [string, RegoValue])[] {
  const kept = fieldsOf(mapChildren(schema, partOf))
    .filter(([name]) => name !== "type" && !silent.has(name) && !name.startsWith("x-"))
    .map(([name, value]) => [name, partsOf(name, value)] as const);
  const types = typesOf(schema);
  return types.length === 0 ? kept : [...kept, ["type", types]];
}

function partsOf(name: string, value: RegoValue): RegoValue {
  if (name === "not") return partOf(value);
  return schemaLists.has(name) && isArray(value) ? value.map(partOf) : value;
}

/** Empty for anything. */
function typesOf(schema: AnyObject): readonly string[] {
  const type = objectGet(schema, "type");
  const named = typeof type === "string" && type !== "" ? [type] : [];
  const types = isTrue(schema, intOrString) ? ["integer", "string"] : named;
  return isTrue(schema, "nullable") && types.length > 0 ? [...types, "null"] : types;
}
