import { ObjectBuilder, RegoSet } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import { canonicalKey, findScalarKey } from "../values/key.ts";
import type { ScalarKey } from "../values/value.ts";

type Collection = RegoValue[] | RegoSet | ObjectBuilder;

/** The results of one comprehension, grouped by the values that others are looked up with. */
export class Groups {
  readonly #make: () => Collection;
  readonly #scalars = new Map<ScalarKey, Collection>();
  readonly #composites = new Map<string, Collection>();

  constructor(makes: "array" | "set" | "object") {
    this.#make = { array: () => [], set: () => new RegoSet(), object: () => new ObjectBuilder() }[makes];
  }

  /** The collection of a group, made where it is not there yet. */
  of(value: RegoValue): Collection {
    const known = this.#find(value);
    if (known) return known;
    const made = this.#make();
    const key = findScalarKey(value);
    if (key === undefined) this.#composites.set(canonicalKey(value), made);
    else this.#scalars.set(key, made);
    return made;
  }

  /** What was found for a value: nothing is an empty collection. */
  found(value: RegoValue): RegoValue {
    const collection = this.#find(value) ?? this.#make();
    return collection instanceof ObjectBuilder ? collection.build() : collection;
  }

  #find(value: RegoValue): Collection | undefined {
    const key = findScalarKey(value);
    return key === undefined ? this.#composites.get(canonicalKey(value)) : this.#scalars.get(key);
  }
}
