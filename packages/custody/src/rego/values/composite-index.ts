import { equal } from "./compare.ts";
import { canonicalKey } from "./key.ts";
import type { RegoValue } from "./value.ts";

/** Up to here comparing is cheaper than making a canonical text. */
const comparedDirectly = 8;

/** Things filed under an array, an object or a set. */
export class CompositeIndex<Filed> {
  readonly #listed: [RegoValue, Filed][] = [];
  #keyed: Map<string, [RegoValue, Filed]> | undefined;

  get size(): number {
    return this.#keyed?.size ?? this.#listed.length;
  }

  get(key: RegoValue): Filed | undefined {
    const slot = this.#keyed
      ? this.#keyed.get(canonicalKey(key))
      : this.#listed.find(([other]) => equal(other, key));
    return slot?.[1];
  }

  /** Files under a key that is not there yet. */
  add(key: RegoValue, filed: Filed): void {
    if (this.#keyed) this.#keyed.set(canonicalKey(key), [key, filed]);
    else this.#listed.push([key, filed]);
    if (this.#listed.length > comparedDirectly) this.#makeKeyed();
  }

  *values(): IterableIterator<Filed> {
    for (const [, filed] of this.#keyed?.values() ?? this.#listed) yield filed;
  }

  #makeKeyed(): void {
    this.#keyed = new Map(this.#listed.splice(0).map((slot) => [canonicalKey(slot[0]), slot]));
  }
}
