import { canonicalKey, isArray, isObject, isSet, termText } from "../../values/index.ts";
import type { RegoArray, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";

/** The members that patches have removed: OPA says of them that they were, until something else takes their place. */
export class Removals {
  readonly #kinds = new Map<string, "composite" | "scalar">();

  note(path: RegoArray, removed: RegoValue): void {
    const isComposite = isArray(removed) || isObject(removed) || isSet(removed);
    this.#kinds.set(canonicalKey(path), isComposite ? "composite" : "scalar");
  }

  /** Something stands there again; what was removed within it before no longer counts. */
  forget(path: RegoArray): void {
    if (path.length === 0) this.#kinds.clear();
    const within = canonicalKey(path).slice(0, -1);
    for (const key of this.#kinds.keys()) {
      if (key.startsWith(within) && [",", "]"].includes(key.charAt(within.length))) this.#kinds.delete(key);
    }
  }

  /**
   * @param verb what is done with the last key of the path; those before it are unfolded.
   * @throws BuiltinError for a path through what was removed.
   */
  refuse(path: RegoArray, verb: "unfold" | "delete"): void {
    if (this.#kinds.size === 0) return;
    for (let length = 1; length <= path.length; length++) {
      const kind = this.#kinds.get(canonicalKey(path.slice(0, length)));
      if (kind === undefined) continue;
      const done = length === path.length ? verb : "unfold";
      const key = termText(path[length - 1] ?? null);
      throw new BuiltinError(`cannot ${done} the already deleted ${kind} node for key ${key}`);
    }
  }
}
