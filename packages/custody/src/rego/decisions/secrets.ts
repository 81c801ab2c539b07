import { isArray, isObject, objectEntries, ObjectBuilder } from "../values/index.ts";
import type { AnyObject, RegoValue } from "../values/index.ts";

/** Names under which secrets are kept, whatever stands around these words: `x-api-key`, `userPassword`. */
const secretName =
  /passw(?:or)?d|passphrase|secret|token|authorization|api[-_]?key|private[-_]?key|access[-_]?key|credential|cookie/i;

/** What is nested deeper is not looked through, and goes. */
const depthLimit = 200;

/** A value without what looks like a secret by its name. `true`, `false` and `null` tell nothing and stay. */
export function withoutSecrets(
  value: RegoValue,
  path: string,
): { value: RegoValue; erased: readonly string[] } {
  const erased: string[] = [];
  const kept = new SecretEraser(erased).keep(value, path, 0);
  return { value: kept ?? null, erased };
}

class SecretEraser {
  readonly #erased: string[];

  constructor(erased: string[]) {
    this.#erased = erased;
  }

  /** The value, or undefined where none of it may be kept. */
  keep(value: RegoValue, path: string, depth: number): RegoValue | undefined {
    if (isArray(value) && depth <= depthLimit)
      return value.map((item, i) => this.keep(item, `${path}/${i}`, depth + 1) ?? null);
    if (isObject(value) && depth <= depthLimit) return this.#object(value, path, depth);
    if (depth <= depthLimit || typeof value !== "object") return value;
    return this.#erase(path);
  }

  #object(object: AnyObject, path: string, depth: number): AnyObject {
    const kept = new ObjectBuilder();
    for (const [key, member] of objectEntries(object)) {
      const name = typeof key === "string" ? key : "";
      const below = `${path}/${name}`;
      const tells = typeof member !== "boolean" && member !== null;
      const after = tells && secretName.test(name) ? this.#erase(below) : this.keep(member, below, depth + 1);
      if (after !== undefined) kept.set(key, after);
    }
    return kept.build();
  }

  #erase(path: string): undefined {
    this.#erased.push(path);
    return undefined;
  }
}
