import type { Comment } from "../syntax/token.ts";

/** A comment stands where the formatter's layout has no place for it: what holds it stays as it was written. */
export class CommentInTheWay extends Error {}

/** The comments that are still to be written, in the order of the text. */
export class CommentQueue {
  readonly #comments: readonly Comment[];
  #next = 0;

  constructor(comments: readonly Comment[]) {
    this.#comments = comments;
  }

  get next(): Comment | undefined {
    return this.#comments[this.#next];
  }

  get mark(): number {
    return this.#next;
  }

  goBack(mark: number): void {
    this.#next = mark;
  }

  /** Those in rows before this one. */
  takeBefore(row: number): readonly Comment[] {
    const start = this.#next;
    while (this.next !== undefined && this.next.row < row) this.#next++;
    return this.#comments.slice(start, this.#next);
  }

  takeAt(row: number): Comment | undefined {
    const found = this.next;
    if (found?.row !== row) return undefined;
    this.#next++;
    return found;
  }

  /** One stands in the rows between two others. */
  hasBetween(first: number, last: number): boolean {
    for (let i = this.#next; ; i++) {
      const row = this.#comments[i]?.row;
      if (row === undefined || row >= last) return false;
      if (row > first) return true;
    }
  }

  /** One, written already or not, stands within a stretch of the text. */
  hasWithin(start: number, end: number): boolean {
    return this.#comments.some(({ offset }) => offset > start && offset < end);
  }

  takeAll(): readonly Comment[] {
    return this.takeBefore(Infinity);
  }
}

/** The first line of a block of metadata. */
export function isMetadata({ col, text }: Comment): boolean {
  return col === 1 && text.trim().startsWith("METADATA");
}
