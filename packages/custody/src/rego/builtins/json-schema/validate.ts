import {
  equal,
  findInteger,
  isArray,
  isNumber,
  isObject,
  kindName,
  objectGet,
  writeJson,
} from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { objectName } from "../../values/json-text.ts";
import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext } from "../builtin.ts";
import { arrayFindings } from "./arrays.ts";
import { closest, fieldOf, finding } from "./finding.ts";
import type { Finding, Path } from "./finding.ts";
import { objectFindings } from "./objects.ts";
import { numberFindings, stringFindings } from "./scalars.ts";

const depthLimit = 300;

/** Holds documents against parts of one schema. */
export class Validator {
  readonly #context: BuiltinContext;
  readonly #root: RegoValue;
  #depth = 0;

  constructor(context: BuiltinContext, root: RegoValue) {
    this.#context = context;
    this.#root = root;
  }

  /** What the value at that path does not satisfy. */
  validate(schema: RegoValue, value: RegoValue, path: Path = []): readonly Finding[] {
    this.#context.spend(1);
    if (typeof schema === "boolean")
      return schema ? [] : [finding("false", path, "False always fails validation")];
    if (!isObject(schema)) return [];
    if (++this.#depth > depthLimit) throw new BuiltinError("schema refers to itself without end");
    const reference = objectGet(schema, "$ref");
    const found =
      typeof reference === "string"
        ? this.validate(this.#resolve(reference), value, path)
        : (typeFindings(schema, value, path) ?? this.#contents(schema, value, path));
    this.#depth--;
    return found;
  }

  #contents(schema: AnyObject, value: RegoValue, path: Path): readonly Finding[] {
    const combined = this.#combined(schema, value, path);
    const common = commonFindings(schema, value, path);
    if (isNumber(value)) return [...combined, ...numberFindings(schema, value, path), ...common];
    if (typeof value === "string") return [...combined, ...common, ...stringFindings(schema, value, path)];
    if (isArray(value)) return [...combined, ...arrayFindings(this, { schema, value, path }), ...common];
    if (isObject(value)) return [...combined, ...objectFindings(this, { schema, value, path }), ...common];
    return [...combined, ...common];
  }

  #combined(schema: AnyObject, value: RegoValue, path: Path): readonly Finding[] {
    const list = (name: string): readonly RegoValue[] | undefined => {
      const parts = objectGet(schema, name);
      return parts !== undefined && isArray(parts) ? parts : undefined;
    };
    const attempts = (name: string): readonly (readonly Finding[])[] =>
      (list(name) ?? []).map((part) => this.validate(part, value, path));
    return [
      ...anyOfFindings(attempts("anyOf"), path),
      ...oneOfFindings(attempts("oneOf"), path),
      ...allOfFindings(attempts("allOf"), path),
      ...this.#notFindings(objectGet(schema, "not"), value, path),
      ...this.#conditional(schema, value, path),
    ];
  }

  #notFindings(part: RegoValue | undefined, value: RegoValue, path: Path): readonly Finding[] {
    if (part === undefined || this.validate(part, value, path).length > 0) return [];
    return [finding("number_not", path, "Must not validate the schema (not)")];
  }

  #conditional(schema: AnyObject, value: RegoValue, path: Path): readonly Finding[] {
    const condition = objectGet(schema, "if");
    if (condition === undefined) return [];
    const name = this.validate(condition, value, path).length === 0 ? "then" : "else";
    const part = objectGet(schema, name);
    const found = part === undefined ? [] : this.validate(part, value, path);
    if (found.length === 0) return [];
    const reason = name === "then" ? '"if" was valid' : '"if" was not valid';
    return [finding(`condition_${name}`, path, `Must validate "${name}" as ${reason}`), ...found];
  }

  /** The part of the schema that a local reference names (RFC 6901 §6). Nothing is fetched. */
  #resolve(reference: string): RegoValue {
    if (!reference.startsWith("#")) throw new BuiltinError(`remote reference loading disabled: ${reference}`);
    let part: RegoValue | undefined = this.#root;
    for (const step of reference.slice(1).split("/").slice(1)) {
      const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
      if (part !== undefined && isArray(part)) part = part[Number(name)];
      else part = part !== undefined && isObject(part) ? objectGet(part, name) : undefined;
    }
    if (part !== undefined) return part;
    throw new BuiltinError(`Object has no key '${reference.split("/").at(-1)}'`);
  }
}

/** What is wrong with the type; undefined when it fits. */
function typeFindings(schema: AnyObject, value: RegoValue, path: Path): readonly Finding[] | undefined {
  const type = objectGet(schema, "type");
  if (type === undefined) return undefined;
  const names = isArray(type) ? type : [type];
  const given = isNumber(value) && findInteger(value) !== undefined ? "integer" : kindName(value);
  if (names.includes(given) || (given === "integer" && names.includes("number"))) return undefined;
  return [finding("invalid_type", path, `Invalid type. Expected: ${typeText(type)}, given: ${given}`)];
}

/** One name, or the list of them. */
function typeText(type: RegoValue): string {
  return isArray(type) ? `[${type.map(typeText).join(",")}]` : objectName(type);
}

function commonFindings(schema: AnyObject, value: RegoValue, path: Path): readonly Finding[] {
  const [constant, choices] = [objectGet(schema, "const"), objectGet(schema, "enum")];
  const found: Finding[] = [];
  if (constant !== undefined && !equal(constant, value))
    found.push(finding("const", path, `${fieldOf(path)} does not match: ${writeJson(constant)}`));
  if (choices !== undefined && isArray(choices) && !choices.some((choice) => equal(choice, value))) {
    const allowed = choices.map(writeJson).join(", ");
    found.push(finding("enum", path, `${fieldOf(path)} must be one of the following: ${allowed}`));
  }
  return found;
}

type Attempts = readonly (readonly Finding[])[];

function anyOfFindings(attempts: Attempts, path: Path): readonly Finding[] {
  if (attempts.length === 0 || attempts.some((found) => found.length === 0)) return [];
  return [finding("number_any_of", path, "Must validate at least one schema (anyOf)"), ...closest(attempts)];
}

function oneOfFindings(attempts: Attempts, path: Path): readonly Finding[] {
  const valid = attempts.filter((found) => found.length === 0).length;
  if (attempts.length === 0 || valid === 1) return [];
  const own = finding("number_one_of", path, "Must validate one and only one schema (oneOf)");
  return valid === 0 ? [own, ...closest(attempts)] : [own];
}

function allOfFindings(attempts: Attempts, path: Path): readonly Finding[] {
  const found = attempts.flat();
  return found.length === 0
    ? []
    : [...found, finding("number_all_of", path, "Must validate all the schemas (allOf)")];
}
