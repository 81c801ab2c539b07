import { isArray, isObject, objectEntries, objectGet } from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";

const depthLimit = 500;

/** Members that hold schemas by names of the author's own. */
const namedGroups: ReadonlySet<RegoValue> = new Set(["properties", "dependencies", "patternProperties"]);
const literals: ReadonlySet<RegoValue> = new Set(["const", "enum"]);

/** Where the references of one schema lead (JSON Schema draft 7 core, §8): only within it, nothing is fetched. */
export class References {
  readonly #documents = new Map<string, RegoValue>();
  /** What the identifiers around a schema make of its references. */
  readonly #bases = new Map<AnyObject, string>();
  readonly #resolved = new Map<string, RegoValue>();

  /** @throws BuiltinError for an identifier that stands twice. */
  constructor(root: RegoValue) {
    this.#file(root, "", 0);
    this.#documents.set("", root);
  }

  /**
   * The absolute form of a reference.
   *
   * @param schema the object that holds it.
   */
  absolute(schema: AnyObject, reference: string): string {
    return inherit(this.#bases.get(schema) ?? "", reference);
  }

  /**
   * What an absolute reference names.
   *
   * @throws BuiltinError
   */
  resolve(reference: string): RegoValue {
    const known = this.#resolved.get(reference) ?? this.#documents.get(reference);
    if (known !== undefined) return known;
    const [base = "", fragment = ""] = reference.split("#", 2);
    const document = this.#documents.get(base);
    if (document === undefined) throw unknownDocument(reference);
    const found = pointed(document, decode(fragment));
    this.#resolved.set(reference, found);
    return found;
  }

  #file(value: RegoValue, base: string, depth: number): void {
    if (depth > depthLimit) throw new BuiltinError("schema is nested too deep");
    if (isArray(value)) for (const item of value) this.#file(item, base, depth + 1);
    if (!isObject(value)) return;
    const own = this.#identify(value, base);
    for (const [key, part] of objectEntries(value)) {
      if (literals.has(key)) continue;
      const parts = namedGroups.has(key)
        ? isObject(part)
          ? objectEntries(part).map(([, one]) => one)
          : []
        : [part];
      for (const one of parts) this.#file(one, own, depth + 1);
    }
  }

  #identify(schema: AnyObject, base: string): string {
    const id = objectGet(schema, "id") ?? objectGet(schema, "$id");
    const own = typeof id === "string" ? inherit(base, id) : base;
    this.#bases.set(schema, own);
    if (typeof id !== "string") return own;
    if (this.#documents.has(own)) throw new BuiltinError(`Reference already exists: "${own}"`);
    this.#documents.set(own, schema);
    return own;
  }
}

/** RFC 3986 §5.2; a fragment alone belongs to its base. */
function inherit(base: string, reference: string): string {
  const [document = ""] = base.split("#", 1);
  if (reference.startsWith("#")) return document + reference.replace(/^#$/, "");
  if (reference === "" || isAbsolute(reference)) return reference || document;
  if (isAbsolute(document)) return URL.parse(reference, document)?.href ?? reference;
  return URL.parse(reference, `relative:${document || "/"}`)?.href.slice("relative:".length) ?? reference;
}

function isAbsolute(reference: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(reference);
}

function unknownDocument(reference: string): BuiltinError {
  return new BuiltinError(
    isAbsolute(reference)
      ? `remote reference loading disabled: ${reference}`
      : `Reference ${reference} must be canonical`,
  );
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

/** RFC 6901. */
function pointed(document: RegoValue, pointer: string): RegoValue {
  let part = document;
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    const next = isArray(part) ? part[Number(name)] : isObject(part) ? objectGet(part, name) : undefined;
    if (next === undefined) throw missing(part, name);
    part = next;
  }
  return part;
}

function missing(part: RegoValue, name: string): BuiltinError {
  if (isObject(part)) return new BuiltinError(`Object has no key '${name}'`);
  if (!isArray(part)) return new BuiltinError(`Invalid token reference '${name}'`);
  return new BuiltinError(
    /^\d+$/.test(name)
      ? `Out of bound array[0,${part.length}] index '${name}'`
      : `Invalid array index '${name}'`,
  );
}
