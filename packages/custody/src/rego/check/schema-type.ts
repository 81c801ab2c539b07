import type { RegoType } from "../types.ts";
import { isArray, isObject, objectEntries, objectGet } from "../values/index.ts";
import type { AnyObject, RegoValue } from "../values/index.ts";
import { anyType, unionOf } from "./algebra.ts";
import type { Known } from "./algebra.ts";

/** How deep references to definitions are followed: a recursive schema is any value from there. */
const referenceDepth = 8;

/** The type of the documents that a JSON Schema describes; what a type cannot say is left to the schema. */
export function schemaType(schema: RegoValue): RegoType {
  return new SchemaReader(schema).type(schema, 0);
}

class SchemaReader {
  readonly #root: RegoValue;

  constructor(root: RegoValue) {
    this.#root = root;
  }

  type(schema: RegoValue | undefined, depth: number): RegoType {
    if (schema === undefined || !isObject(schema) || depth > referenceDepth) return anyType;
    const reference = objectGet(schema, "$ref");
    if (typeof reference === "string") return this.type(this.#resolve(reference), depth + 1);
    const parts = [...this.#listed(schema, "anyOf", depth), ...this.#listed(schema, "oneOf", depth)];
    const whole = objectGet(schema, "allOf");
    if (whole !== undefined && isArray(whole)) return this.#merged([schema, ...whole], depth);
    if (parts.length > 0) return parts.reduce<Known>(unionOf, undefined) ?? anyType;
    return this.#named(schema, depth);
  }

  #listed(schema: AnyObject, keyword: string, depth: number): RegoType[] {
    const list = objectGet(schema, keyword);
    return list !== undefined && isArray(list) ? list.map((one) => this.type(one, depth)) : [];
  }

  #merged(schemas: readonly RegoValue[], depth: number): RegoType {
    const types = schemas.map((one) => (isObject(one) ? this.#named(one, depth) : anyType));
    const objects = types.flatMap((type) => (type.type === "object" ? [type] : []));
    if (objects.length === 0) return types.find(({ type }) => type !== "any") ?? anyType;
    return { type: "object", static: objects.flatMap((type) => type.static ?? []) };
  }

  #named(schema: AnyObject, depth: number): RegoType {
    const name = objectGet(schema, "type");
    if (name !== undefined && isArray(name)) {
      return name.map((one) => this.#ofName(one, schema, depth)).reduce<Known>(unionOf, undefined) ?? anyType;
    }
    return this.#ofName(
      name ?? (objectGet(schema, "properties") === undefined ? undefined : "object"),
      schema,
      depth,
    );
  }

  #ofName(name: RegoValue | undefined, schema: AnyObject, depth: number): RegoType {
    switch (name) {
      case "null":
      case "boolean":
      case "string":
        return { type: name };
      case "number":
      case "integer":
        return { type: "number" };
      case "array":
        return this.#array(schema, depth);
      case "object":
        return this.#object(schema, depth);
      default:
        return anyType;
    }
  }

  #array(schema: AnyObject, depth: number): RegoType {
    const items = objectGet(schema, "items");
    if (items !== undefined && isArray(items))
      return { type: "array", static: items.map((one) => this.type(one, depth)) };
    return { type: "array", dynamic: this.type(items, depth) };
  }

  /** Named properties are all there are, unless the schema says what others may be. */
  #object(schema: AnyObject, depth: number): RegoType {
    const properties = objectGet(schema, "properties");
    const others = objectGet(schema, "additionalProperties");
    const named = properties !== undefined && isObject(properties) ? objectEntries(properties) : [];
    const list = named.map(([key, one]) => ({ key: key as string, value: this.type(one, depth) }));
    const isOpen = list.length === 0 ? others !== false : others !== undefined && others !== false;
    const value = others !== undefined && isObject(others) ? this.type(others, depth) : anyType;
    return { type: "object", static: list, ...(isOpen && { dynamic: { key: anyType, value } }) };
  }

  #resolve(reference: string): RegoValue | undefined {
    if (!reference.startsWith("#/")) return undefined;
    let found: RegoValue | undefined = this.#root;
    for (const name of reference.slice(2).split("/")) {
      const key = decodeURIComponent(name).replaceAll("~1", "/").replaceAll("~0", "~");
      found = found !== undefined && isObject(found) ? objectGet(found, key) : undefined;
    }
    return found;
  }
}
