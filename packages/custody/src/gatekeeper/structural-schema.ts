import { isObject, objectGet, objectOf } from "custody/rego";
import type { AnyObject, RegoValue } from "custody/rego";

import { fieldsOf } from "./fields.ts";

/*
 * Structural schemas of Kubernetes (apiextensions.k8s.io/v1, "Specifying a structural schema").
 */

/** The words of Kubernetes that open a part for what it does not name, and for integers and texts. */
export const preserve = "x-kubernetes-preserve-unknown-fields";
export const intOrString = "x-kubernetes-int-or-string";

/** Keywords that Kubernetes knows, and those of JSON Schema that it forbids. */
const allowed = new Set(
  (
    "type nullable format title description default example externalDocs enum required properties " +
    "additionalProperties items allOf anyOf oneOf not maximum exclusiveMaximum minimum exclusiveMinimum multipleOf " +
    "maxLength minLength pattern maxItems minItems maxProperties minProperties uniqueItems"
  ).split(" "),
);

/** Why a schema is not structural: each reason names the place. Empty for one that is. */
export function structuralFaults(schema: RegoValue, path = "openAPIV3Schema"): readonly string[] {
  if (!isObject(schema)) return [`${path} is an object`];
  const unknown = fieldsOf(schema)
    .map(([name]) => name)
    .filter((name) => !allowed.has(name) && !name.startsWith("x-"))
    .map((name) => `${path}.${name} is no keyword that Kubernetes knows`);
  return [
    ...unknown,
    ...typeFaults(schema, path),
    ...children(schema).flatMap(([part, at]) => structuralFaults(part, `${path}.${at}`)),
  ];
}

function typeFaults(schema: AnyObject, path: string): readonly string[] {
  const has = (name: string): boolean => objectGet(schema, name) !== undefined;
  const type = objectGet(schema, "type") ?? "";
  const isOpen = isTrue(schema, preserve) || isTrue(schema, intOrString);
  const faults: [boolean, string][] = [
    [type === "" && !isOpen, `${path} has no type`],
    [typeof type !== "string", `${path}.type is one text`],
    [type === "array" && !isObject(objectGet(schema, "items") ?? null), `${path} is an array without items`],
    [has("properties") && has("additionalProperties"), `${path} has properties and additionalProperties`],
    [objectGet(schema, "additionalProperties") === false, `${path}.additionalProperties may not be false`],
    [isTrue(schema, "uniqueItems"), `${path}.uniqueItems may not be true`],
  ];
  return faults.flatMap(([isFault, reason]) => (isFault ? [reason] : []));
}

/** Whether a keyword is set to `true`. */
export function isTrue(schema: AnyObject, name: string): boolean {
  return objectGet(schema, name) === true;
}

/** The schemas of what it holds, and where they stand in it. */
function children(schema: AnyObject): readonly (readonly [RegoValue, string])[] {
  const properties = objectGet(schema, "properties");
  const named = isObject(properties ?? null) ? fieldsOf(properties as AnyObject) : [];
  const additional = objectGet(schema, "additionalProperties");
  const items = objectGet(schema, "items");
  return [
    ...named.map(([name, part]) => [part, `properties.${name}`] as const),
    ...(isObject(additional ?? null) ? [[additional as RegoValue, "additionalProperties"] as const] : []),
    ...(items === undefined ? [] : [[items, "items"] as const]),
  ];
}

/** The schema with every object and every part without a type open for what it does not name (`legacySchema`). */
export function preservingSchema(schema: RegoValue): RegoValue {
  if (!isObject(schema)) return schema;
  const type = objectGet(schema, "type") ?? "";
  const isOpen = type === "" || type === "object";
  const mapped = mapChildren(schema, preservingSchema);
  const open: [string, RegoValue][] = isOpen ? [[preserve, true]] : [];
  const hasItems = objectGet(schema, "items") !== undefined;
  const items: [string, RegoValue][] = type === "array" && !hasItems ? [["items", { [preserve]: true }]] : [];
  return objectOf([...fieldsOf(mapped), ...open, ...items]);
}

/** The schema with the schemas of what it holds changed. */
export function mapChildren(schema: AnyObject, change: (part: RegoValue) => RegoValue): AnyObject {
  const changed = (value: RegoValue): RegoValue => (isObject(value) ? change(value) : value);
  return objectOf(
    fieldsOf(schema).map(([name, value]) => {
      if (name === "properties" && isObject(value))
        return [name, objectOf(fieldsOf(value).map(([key, part]) => [key, changed(part)]))];
      return [name, name === "items" || name === "additionalProperties" ? changed(value) : value];
    }),
  );
}
