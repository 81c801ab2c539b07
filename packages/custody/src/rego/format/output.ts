import type { Comment } from "../syntax/token.ts";

/** A place in the output to come back to. */
export interface OutputMark {
  readonly text: string;
  readonly level: number;
}

/** What is written so far, with the comment that waits for the end of the line. */
export class Output {
  #text = "";
  #level = 0;
  #isInLine = false;
  #waiting: Comment | undefined;
  #holdsBack = false;

  get text(): string {
    return this.#text;
  }

  /** Something may be written where the output is. */
  get isInLine(): boolean {
    return this.#isInLine;
  }

  /** The comment that the end of the line will write. */
  get waiting(): Comment | undefined {
    return this.#waiting;
  }

  /** Nothing is to wait any more. */
  forgetWaiting(): void {
    this.#waiting = undefined;
  }

  /** @returns false, with nothing waiting any more, when another comment waits already. */
  wait(comment: Comment | undefined): boolean {
    if (comment === undefined) return true;
    const isFree = this.#waiting === undefined;
    this.#waiting = isFree ? comment : undefined;
    return isFree;
  }

  /** The next end of a line leaves the waiting comment to the one after. */
  holdBack(): void {
    this.#holdsBack = true;
  }

  write(text: string): void {
    this.#text += text;
  }

  startLine(): void {
    this.#isInLine = true;
    this.write("\t".repeat(this.#level));
  }

  /** A comment may follow within the line. */
  stayInLine(): void {
    this.#isInLine = true;
  }

  endLine(): void {
    this.#isInLine = false;
    if (this.#waiting !== undefined && !this.#holdsBack) {
      this.write(` ${commentText(this.#waiting)}`);
      this.#waiting = undefined;
    }
    this.#holdsBack = false;
    this.write("\n");
  }

  blankLine(): void {
    if (this.#isInLine) this.endLine();
    this.write("\n");
  }

  writeLine(text: string): void {
    if (!this.#isInLine) this.startLine();
    this.write(text);
    this.endLine();
  }

  indent(): void {
    this.#level++;
  }

  outdent(): void {
    this.#level--;
  }

  get mark(): OutputMark {
    return { text: this.#text, level: this.#level };
  }

  goBack({ text, level }: OutputMark): void {
    this.#text = text;
    this.#level = level;
  }
}

/** A comment as it is written. */
export function commentText({ text }: Comment): string {
  return `#${text.trimEnd()}`;
}
