import { compare, equal, ObjectBuilder, RegoObject, RegoSet } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";

/** What rules put their keys and values into. */
export interface Fillable {
  /** Puts a value at a path. */
  insert(path: readonly RegoValue[], value: RegoValue): void;
  /** Adds a member to the set at a path. */
  insertMember(path: readonly RegoValue[], member: RegoValue): void;
}

/** The object below a key of another; it is there once something is put into it. */
export function below(object: Fillable, key: RegoValue): Fillable {
  return {
    insert: (path, value) => object.insert([key, ...path], value),
    insertMember: (path, member) => object.insertMember([key, ...path], member),
  };
}

/** The object that rules make together: `p[x].q[y] := z`, `p[x] contains y`. */
export class PartialObject implements Fillable {
  readonly #slots = new RegoObject();
  readonly #inner = new Map<RegoValue, PartialObject>();
  readonly #onConflict: () => never;

  /** `onConflict` is called, and throws, when two rules give one key different values. */
  constructor(onConflict: () => never) {
    this.#onConflict = onConflict;
  }

  insert(path: readonly RegoValue[], value: RegoValue): void {
    const [key, ...rest] = path as readonly [RegoValue, ...RegoValue[]];
    const known = this.#slots.get(key);
    if (rest.length > 0) this.#descend(key).insert(rest, value);
    else if (known === undefined) this.#slots.set(key, value);
    else if (this.#inner.has(known) || !equal(known, value)) this.#onConflict();
  }

  insertMember(path: readonly RegoValue[], member: RegoValue): void {
    const [key, ...rest] = path as readonly [RegoValue, ...RegoValue[]];
    if (rest.length > 0) this.#descend(key).insertMember(rest, member);
    else this.#setAt(key).add(member);
  }

  #setAt(key: RegoValue): RegoSet {
    const known = this.#slots.get(key);
    if (known instanceof RegoSet) return known;
    if (known !== undefined) this.#onConflict();
    const made = new RegoSet();
    this.#slots.set(key, made);
    return made;
  }

  /** The object below a key; a value that stands there whole cannot be added to. */
  #descend(key: RegoValue): PartialObject {
    const token = this.#slots.get(key);
    const known = token === undefined ? undefined : this.#inner.get(token);
    if (known) return known;
    if (token !== undefined) this.#onConflict();
    const made = new PartialObject(this.#onConflict);
    // A fresh, empty set stands in the slot for the object below; nothing else is the same one.
    const stand = new RegoSet();
    this.#slots.set(key, stand);
    this.#inner.set(stand, made);
    return made;
  }

  build(): RegoValue {
    const builder = new ObjectBuilder();
    for (const [key, value] of this.#slots.entries().toSorted(([a], [b]) => compare(a, b))) {
      builder.set(key, this.#inner.get(value)?.build() ?? value);
    }
    return builder.build();
  }
}
