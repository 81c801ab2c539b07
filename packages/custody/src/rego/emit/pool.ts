/** Things that emitted code refers to by number: nothing of a policy's text becomes source. */
export class Pool<Item> {
  readonly items: Item[] = [];
  readonly #numbers = new Map<Item, number>();

  /** The number of an item; one that is there already keeps its number. */
  number(item: Item): number {
    const known = this.#numbers.get(item);
    if (known !== undefined) return known;
    this.#numbers.set(item, this.items.length);
    return this.items.push(item) - 1;
  }
}
