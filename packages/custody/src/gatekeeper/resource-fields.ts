import { isArray, isObject, objectGet, objectOf } from "custody/rego";
import type { AnyObject, RegoValue } from "custody/rego";

import { fieldsOf } from "./fields.ts";
import { isTrue, preserve } from "./structural-schema.ts";

/** The paths of fields that a value has and its schema does not name. */
export function unknownFields(schema: RegoValue, value: RegoValue, path = ""): readonly string[] {
  if (!isObject(schema)) return [];
  if (isArray(value)) {
    const items = objectGet(schema, "items") ?? null;
    return value.flatMap((item, i) => unknownFields(items, item, `${path}[${i}]`));
  }
  if (!isObject(value)) return [];
  return fieldsOf(value).flatMap(([key, inner]) => {
    const at = path === "" ? key : `${path}.${key}`;
    const part = partOf(schema, key);
    if (part !== undefined) return unknownFields(part, inner, at);
    return isTrue(schema, preserve) ? [] : [at];
  });
}

/** The schema of a field; `true` for one that may be anything. */
function partOf(schema: AnyObject, key: string): RegoValue | undefined {
  const properties = objectGet(schema, "properties") ?? null;
  const named = isObject(properties) ? objectGet(properties, key) : undefined;
  return named ?? objectGet(schema, "additionalProperties");
}

/** The value with the defaults of fields that it leaves out, where it has the object that they belong to. */
export function withDefaults(schema: RegoValue, value: RegoValue): RegoValue {
  if (!isObject(schema)) return value;
  if (isArray(value)) {
    const items = objectGet(schema, "items") ?? null;
    return value.map((item) => withDefaults(items, item));
  }
  if (!isObject(value)) return value;
  const properties = objectGet(schema, "properties") ?? null;
  const missing = isObject(properties)
    ? fieldsOf(properties).flatMap(([key, part]) => defaultOf(value, key, part))
    : [];
  return objectOf(
    [...fieldsOf(value), ...missing].map(([key, inner]) => [
      key,
      withDefaults(partOf(schema, key) ?? null, inner),
    ]),
  );
}

function defaultOf(
  value: AnyObject,
  key: string,
  part: RegoValue,
): readonly (readonly [string, RegoValue])[] {
  const standard = isObject(part) ? objectGet(part, "default") : undefined;
  return standard === undefined || objectGet(value, key) !== undefined ? [] : [[key, standard]];
}
