import { useSyncExternalStore } from "react";
import * as v from "valibot";

/** A list that this browser keeps, and every tab of it shows. What cannot be read is passed over. */
export class KeptList<Item> {
  readonly #key: string;
  readonly #shape: v.GenericSchema<unknown, Item>;
  readonly #listeners = new Set<() => void>();
  #known: { readonly text: string | null; readonly items: readonly Item[] } = { text: null, items: [] };

  constructor(key: string, shape: v.GenericSchema<unknown, Item>) {
    this.#key = key;
    this.#shape = shape;
  }

  readonly read = (): readonly Item[] => {
    const text = localStorage.getItem(this.#key);
    if (this.#known.text !== text) this.#known = { text, items: this.#parse(text) };
    return this.#known.items;
  };

  change(change: (items: readonly Item[]) => readonly Item[]): void {
    const items = this.read();
    const changed = change(items);
    if (changed === items) return;
    localStorage.setItem(this.#key, JSON.stringify(changed));
    for (const tell of this.#listeners) tell();
  }

  /** The list as it is, in a view. */
  use(): readonly Item[] {
    return useSyncExternalStore(this.#subscribe, this.read);
  }

  readonly #subscribe = (tell: () => void): (() => void) => {
    this.#listeners.add(tell);
    addEventListener("storage", tell);
    return () => {
      this.#listeners.delete(tell);
      removeEventListener("storage", tell);
    };
  };

  #parse(text: string | null): readonly Item[] {
    const list = v.safeParse(v.pipe(v.string(), v.parseJson(), v.array(v.unknown())), text);
    return (list.success ? list.output : []).flatMap((value) => {
      const item = v.safeParse(this.#shape, value);
      return item.success ? [item.output] : [];
    });
  }
}
