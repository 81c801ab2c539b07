import type { Location, Term } from "../syntax/index.ts";
import type { Comment } from "../syntax/token.ts";
import { CommentInTheWay, CommentQueue, isMetadata } from "./comments.ts";
import { commentText, Output } from "./output.ts";
import { countLines, placeOf } from "./place.ts";
import type { PlacedText } from "./place.ts";

/** What the layout of a module depends on. */
export interface Style {
  /** Heads say `:=`, and bodies `if`, whatever the source said. */
  readonly isV1: boolean;
  readonly usesIf: boolean;
  readonly usesContains: boolean;
  /** Some rule has a reference as its head that only a reference can say: all heads are written as references. */
  readonly usesRefHeads: boolean;
  readonly keywords: ReadonlySet<string>;
  /** Variables that were `_` and now need a name, with that name. */
  readonly names: ReadonlyMap<string, string>;
}

export interface PrinterSetting {
  readonly text: string;
  readonly comments: readonly Comment[];
  readonly style: Style;
}

/** The output, the comments that are to go into it, and the places where nodes stand. */
export abstract class Printer {
  protected readonly output = new Output();
  protected readonly comments: CommentQueue;
  protected readonly style: Style;
  /** Nodes that are laid out as if they stood somewhere else. */
  protected readonly moved = new Map<unknown, Location>();
  /** Strings that are quoted anew. */
  protected readonly requoted = new Set<unknown>();
  /** What is left as written takes the comment of its last row along. */
  protected keepsLastComment = false;
  readonly #text: string;

  constructor({ text, comments, style }: PrinterSetting) {
    this.#text = text;
    this.comments = new CommentQueue(comments);
    this.style = style;
  }

  protected slice({ offset, end }: Pick<Location, "offset" | "end">): string {
    return this.#text.slice(offset, end);
  }

  protected rowOf(node: { readonly at: Location }): number {
    return (this.moved.get(node) ?? node.at).row;
  }

  protected placeOf(term: Term): Location {
    return this.moved.get(term) ?? placeOf(term);
  }

  /** Where the next token after a place stands. */
  protected offsetAfter({ end }: Location): number {
    const blank = /(?:\s|#[^\n]*)*/y;
    blank.lastIndex = end;
    return end + (blank.exec(this.#text)?.[0] ?? "").length;
  }

  /** The row of the next token after a place. */
  protected rowAfter(at: Location): number {
    return at.row + countLines(this.#text.slice(at.offset, this.offsetAfter(at)));
  }

  protected placedText(at: Location): PlacedText {
    return { text: this.slice(at), row: at.row };
  }

  /**
   * Writes the comments above a row; that of the row itself waits for the end of the line.
   *
   * @throws CommentInTheWay when another comment waits already.
   */
  protected placeComments(row: number): void {
    const before = this.comments.takeBefore(row);
    this.writeComments(before);
    const last = before.at(-1);
    if (last && row - last.row > 1) this.output.blankLine();
    if (!this.output.wait(this.comments.takeAt(row))) throw new CommentInTheWay();
  }

  protected writeComments(comments: readonly Comment[]): void {
    let isInMetadata = false;
    for (const [i, comment] of comments.entries()) {
      const distance = comment.row - (comments[i - 1]?.row ?? comment.row);
      if (distance > 1 || (distance === 1 && isInMetadata && isMetadata(comment))) this.output.blankLine();
      if (distance > 1) isInMetadata = false;
      if (isMetadata(comment)) isInMetadata = true;
      this.output.writeLine(commentText(comment));
    }
  }

  /** Writes what stands in the source, its comments with it. */
  protected writeAsWritten(at: Location): void {
    const text = this.slice(at);
    const lastRow = at.row + countLines(text);
    this.output.write(text);
    this.comments.takeBefore(lastRow);
    const last = this.keepsLastComment ? this.comments.takeAt(lastRow) : undefined;
    if (last) this.output.write(` ${this.slice(last)}`);
  }

  /** Goes back to before the term when a comment stands in the way of its layout, and writes it as written. */
  protected orAsWritten(at: Location, print: () => void): void {
    if (this.comments.next === undefined) return print();
    const { mark } = this.output;
    const { mark: next } = this.comments;
    try {
      print();
    } catch (error) {
      if (!(error instanceof CommentInTheWay)) throw error;
      this.output.goBack(mark);
      this.comments.goBack(next);
      this.#forgetWaitingWithin(at);
      this.writeAsWritten(at);
      throw error;
    }
  }

  #forgetWaitingWithin(at: Location): void {
    const row = this.output.waiting?.row ?? -1;
    if (row >= at.row && row <= at.row + countLines(this.slice(at))) this.output.forgetWaiting();
  }

  /** Does work that a comment in the way ends, but nothing more. */
  protected despiteComments(print: () => void): boolean {
    try {
      print();
      return true;
    } catch (error) {
      if (!(error instanceof CommentInTheWay)) throw error;
      return false;
    }
  }
}
