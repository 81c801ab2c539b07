import { Boxed } from "./boxed.ts";
import { compare } from "./compare.ts";
import { CompositeIndex } from "./composite-index.ts";
import { findScalarKey } from "./key.ts";
import type { RegoValue, ScalarKey } from "./value.ts";

/** A set of values. It may be added to while it is made; whoever hands it on stops adding. */
export class RegoSet extends Boxed {
  readonly kind = 6;
  readonly #scalars = new Map<ScalarKey, RegoValue>();
  #composites: CompositeIndex<RegoValue> | undefined;
  #sorted: readonly RegoValue[] | undefined;

  constructor(values: Iterable<RegoValue> = []) {
    super();
    for (const value of values) this.add(value);
  }

  get size(): number {
    return this.#scalars.size + (this.#composites?.size ?? 0);
  }

  has(value: RegoValue): boolean {
    return this.get(value) !== undefined;
  }

  /** The member that equals the value (`1.0` finds `1`), or undefined. */
  get(value: RegoValue): RegoValue | undefined {
    const key = findScalarKey(value);
    return key === undefined ? this.#composites?.get(value) : this.#scalars.get(key);
  }

  /** Adds a value; of two equal ones the first stays. */
  add(value: RegoValue): this {
    const key = findScalarKey(value);
    if (key === undefined) this.#addComposite(value);
    else if (!this.#scalars.has(key)) this.#scalars.set(key, value);
    this.#sorted = undefined;
    return this;
  }

  #addComposite(value: RegoValue): void {
    this.#composites ??= new CompositeIndex();
    if (this.#composites.get(value) === undefined) this.#composites.add(value, value);
  }

  /** The members in no stated order, for when none shows. */
  *[Symbol.iterator](): IterableIterator<RegoValue> {
    yield* this.#scalars.values();
    if (this.#composites) yield* this.#composites.values();
  }

  /** The members in the order of values. */
  sorted(): readonly RegoValue[] {
    this.#sorted ??= [...this].sort(compare);
    return this.#sorted;
  }
}
