import { Boxed } from "./boxed.ts";
import { compare } from "./compare.ts";
import { CompositeIndex } from "./composite-index.ts";
import { objectEntries } from "./entries.ts";
import type { Entry } from "./entries.ts";
import { findScalarKey } from "./key.ts";
import type { AnyObject, RegoValue, ScalarKey } from "./value.ts";

type Slot = [RegoValue, RegoValue];

/** An object that has, or once had, a key which is not a string. Of two equal keys the later value counts. */
export class RegoObject extends Boxed {
  readonly kind = 5;
  readonly #scalars = new Map<ScalarKey, Slot>();
  #composites: CompositeIndex<Slot> | undefined;
  #sorted: readonly Entry[] | undefined;

  get size(): number {
    return this.#scalars.size + (this.#composites?.size ?? 0);
  }

  get(key: RegoValue): RegoValue | undefined {
    return this.#find(key)?.[1];
  }

  set(key: RegoValue, value: RegoValue): this {
    const slot = this.#find(key);
    if (slot) slot[1] = value;
    else this.#file(key, [key, value]);
    this.#sorted = undefined;
    return this;
  }

  /** Keys and values, in the order of the keys. */
  entries(): readonly Entry[] {
    this.#sorted ??= [...this.#slots()].sort(([a], [b]) => compare(a, b));
    return this.#sorted;
  }

  #find(key: RegoValue): Slot | undefined {
    const scalar = findScalarKey(key);
    return scalar === undefined ? this.#composites?.get(key) : this.#scalars.get(scalar);
  }

  #file(key: RegoValue, slot: Slot): void {
    const scalar = findScalarKey(key);
    if (scalar !== undefined) this.#scalars.set(scalar, slot);
    else (this.#composites ??= new CompositeIndex()).add(key, slot);
  }

  *#slots(): IterableIterator<Slot> {
    yield* this.#scalars.values();
    if (this.#composites) yield* this.#composites.values();
  }
}

/** Makes an object key by key: plain while all keys are strings. */
export class ObjectBuilder {
  #plain: Record<string, RegoValue> = {};
  #boxed: RegoObject | undefined;

  set(key: RegoValue, value: RegoValue): this {
    if (this.#boxed) this.#boxed.set(key, value);
    else if (typeof key === "string") setName(this.#plain, key, value);
    else this.#box().set(key, value);
    return this;
  }

  get(key: RegoValue): RegoValue | undefined {
    if (this.#boxed) return this.#boxed.get(key);
    return typeof key === "string" && Object.hasOwn(this.#plain, key) ? this.#plain[key] : undefined;
  }

  /** The object; nothing may be set afterwards. */
  build(): AnyObject {
    return this.#boxed ?? this.#plain;
  }

  #box(): RegoObject {
    this.#boxed = new RegoObject();
    for (const [key, value] of Object.entries(this.#plain)) this.#boxed.set(key, value);
    return this.#boxed;
  }
}

/** `object[name] = value` for any name: assigning to `__proto__` would set the prototype instead. */
export function setName(object: Record<string, RegoValue>, name: string, value: RegoValue): void {
  if (name === "__proto__") {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[name] = value;
  }
}

/** The object of these entries; of equal keys the last counts. */
export function objectOf(entries: Iterable<readonly [RegoValue, RegoValue]>): AnyObject {
  const builder = new ObjectBuilder();
  for (const [key, value] of entries) builder.set(key, value);
  return builder.build();
}

/** The object with the keys of both; where both have one, the value is the second's. */
export function mergeShallow(a: AnyObject, b: AnyObject): AnyObject {
  return objectOf([...objectEntries(a), ...objectEntries(b)]);
}
