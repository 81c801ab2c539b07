import { isArray, isObject, objectEntries, objectGet } from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { objectName } from "../../values/json-text.ts";
import { BuiltinError } from "../builtin.ts";
import { parseReference } from "../uri/reference.ts";
import { draftOf } from "./draft.ts";
import type { Draft } from "./draft.ts";
import {
  checkBounds,
  checkChoices,
  checkLengths,
  checkReference,
  checkRequired,
  checkSizes,
  checkText,
  checkTypes,
  findPattern,
} from "./keywords.ts";
import { References } from "./references.ts";

const depthLimit = 200;

/** A schema that was found to be one. */
export interface Schema {
  readonly root: RegoValue;
  readonly draft: Draft;
  readonly references: References;
}

/**
 * Checks that a value is a schema (JSON Schema drafts 4, 6 and 7, as far as gojsonschema looks).
 *
 * @throws BuiltinError for the first thing that is wrong.
 */
export function compileSchema(root: RegoValue): Schema {
  if (typeof root !== "boolean" && !isObject(root)) throw new BuiltinError("schema is invalid");
  if (isObject(root)) checkDraft(objectGet(root, "$schema"));
  const draft = draftOf(root);
  const references = new References(root);
  new Checker(references, draft).check(root);
  return { root, draft, references };
}

function checkDraft(url: RegoValue | undefined): void {
  if (url === undefined) return;
  if (typeof url !== "string") throw new BuiltinError("$schema must be of type string");
  parseReference(url);
}

const group = "Array Of Schemas";
const one = "Valid Schema";

/** Looks at every part once, in the order in which gojsonschema does: the first fault is the one that is told. */
class Checker {
  readonly #references: References;
  readonly #draft: Draft;
  readonly #followed = new Set<string>();
  #depth = 0;

  constructor(references: References, draft: Draft) {
    this.#references = references;
    this.#draft = draft;
  }

  check(schema: RegoValue): void {
    if (typeof schema === "boolean" && this.#draft >= 6) return;
    if (!isObject(schema)) throw new BuiltinError(`Expected: ${one}, given: Invalid JSON`);
    if (++this.#depth > depthLimit) throw new BuiltinError("schema is nested too deep");
    checkReference(schema, this.#identifier(schema));
    this.#named(schema, "definitions");
    for (const name of ["title", "description"]) checkText(schema, name);
    checkReference(schema, "$ref");
    if (!this.#follow(schema)) this.#contents(schema);
    this.#depth--;
  }

  /** Draft 6 has renamed `id`. */
  #identifier(schema: AnyObject): string {
    if (this.#draft === 4) return "id";
    return this.#draft === Infinity && objectGet(schema, "id") !== undefined ? "id" : "$id";
  }

  /** True for a reference that was not followed before: what stands beside it is not looked at. */
  #follow(schema: AnyObject): boolean {
    const reference = objectGet(schema, "$ref");
    if (typeof reference !== "string") return false;
    const absolute = this.#references.absolute(schema, reference);
    if (this.#followed.has(absolute)) return false;
    this.#followed.add(absolute);
    const target = this.#references.resolve(absolute);
    if (!isSchemaLike(target)) throw new BuiltinError(`${one} must be of type object`);
    this.check(target);
    return true;
  }

  #contents(schema: AnyObject): void {
    checkTypes(schema);
    this.#members(schema);
    this.#items(schema);
    checkBounds(schema, this.#draft);
    checkLengths(schema);
    checkSizes(schema, "Properties");
    checkRequired(schema);
    checkSizes(schema, "Items");
    if (this.#draft >= 6) this.#optional(schema, "contains");
    checkChoices(schema);
    for (const name of ["oneOf", "anyOf", "allOf"]) this.#list(schema, name);
    this.#conditions(schema);
  }

  #members(schema: AnyObject): void {
    const properties = objectGet(schema, "properties");
    if (properties !== undefined && !isObject(properties))
      throw new BuiltinError("Properties must be of type object");
    for (const part of partsOf(properties)) this.check(part);
    this.#switch(schema, "additionalProperties");
    this.#patterns(schema);
    const names = objectGet(schema, "propertyNames");
    if (names !== undefined && this.#draft >= 6) {
      if (!isSchemaLike(names)) throw invalidType(one, "patternProperties");
      this.check(names);
    }
    this.#dependencies(schema);
  }

  #patterns(schema: AnyObject): void {
    const patterns = objectGet(schema, "patternProperties");
    if (patterns === undefined) return;
    if (!isObject(patterns)) throw invalidType(one, "patternProperties");
    for (const [key, part] of objectEntries(patterns)) {
      const pattern = objectName(key);
      if (!findPattern(pattern)) throw new BuiltinError(`Invalid regex pattern '${pattern}'`);
      this.check(part);
    }
  }

  #dependencies(schema: AnyObject): void {
    const dependencies = objectGet(schema, "dependencies");
    if (dependencies === undefined) return;
    if (!isObject(dependencies)) throw new BuiltinError("dependencies must be of type object");
    for (const part of partsOf(dependencies)) {
      const isNames = isArray(part) && part.every((name) => typeof name === "string");
      if (isNames) continue;
      if (!isSchemaLike(part))
        throw new BuiltinError("Dependency must be of type Schema Or Array Of Strings");
      this.check(part);
    }
  }

  #items(schema: AnyObject): void {
    const items = objectGet(schema, "items");
    for (const part of items === undefined ? [] : isArray(items) ? items : [items]) {
      if (!isSchemaLike(part)) throw invalidType(`${one}/${group}`, "items");
      this.check(part);
    }
    this.#switch(schema, "additionalItems");
  }

  #conditions(schema: AnyObject): void {
    for (const name of this.#draft >= 7 ? ["not", "if", "then", "else"] : ["not"]) {
      const part = objectGet(schema, name);
      if (part !== undefined && !isSchemaLike(part)) throw new BuiltinError(`${name} must be of an object`);
      this.#optional(schema, name);
    }
  }

  #optional(schema: AnyObject, name: string): void {
    const part = objectGet(schema, name);
    if (part !== undefined) this.check(part);
  }

  /** A schema, or a yes or no to everything. */
  #switch(schema: AnyObject, name: string): void {
    const part = objectGet(schema, name);
    if (part === undefined || typeof part === "boolean") return;
    if (!isObject(part)) throw invalidType(`boolean/${one}`, name);
    this.check(part);
  }

  #named(schema: AnyObject, name: string): void {
    const parts = objectGet(schema, name);
    if (parts === undefined) return;
    if (!isObject(parts) || !partsOf(parts).every(isSchemaLike)) throw invalidType(group, name);
    for (const part of partsOf(parts)) this.check(part);
  }

  #list(schema: AnyObject, name: string): void {
    const parts = objectGet(schema, name);
    if (parts === undefined) return;
    if (!isArray(parts)) throw new BuiltinError(`${name} must be of an array`);
    for (const part of parts) this.check(part);
  }
}

function partsOf(parts: RegoValue | undefined): readonly RegoValue[] {
  return parts !== undefined && isObject(parts) ? objectEntries(parts).map(([, part]) => part) : [];
}

function isSchemaLike(part: RegoValue): boolean {
  return typeof part === "boolean" || isObject(part);
}

function invalidType(expected: string, given: string): BuiltinError {
  return new BuiltinError(`Invalid type. Expected: ${expected}, given: ${given}`);
}
