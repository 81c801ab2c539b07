import { unreadable } from "../faults.ts";

/** How deep expressions and blocks may nest. */
const depthLimit = 200;

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Goes through a text of HCL: spaces, comments, names, and expressions of which only the end is looked for. */
export class Scanner {
  readonly text: string;
  at = 0;
  #depth = 0;
  readonly #lineStarts: readonly number[];

  constructor(text: string) {
    this.text = text;
    this.#lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  /** The line of a place, from 1. */
  lineAt(place: number = this.at): number {
    let [low, high] = [0, this.#lineStarts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= place) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  fail(reason: string, place: number = this.at): never {
    throw unreadable(this.lineAt(place), reason);
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  get next(): string {
    return this.text[this.at] ?? "";
  }

  startsWith(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  /** Goes over spaces and comments, and over line ends too where they mean nothing. */
  skip(lines: "lines" | "spaces"): void {
    for (;;) {
      const start = this.at;
      this.#pass(lines === "lines" ? /[ \t\r\n]+/y : /[ \t\r]+/y);
      this.#pass(/(?:#|\/\/)[^\n]*/y);
      if (this.startsWith("/*")) {
        const end = this.text.indexOf("*/", this.at + 2);
        if (end === -1) this.fail("a comment does not end");
        this.at = end + 2;
      }
      if (this.at === start) return;
    }
  }

  /** The text that a sticky pattern finds here, which is gone over; undefined where it does not. */
  take(pattern: RegExp): string | undefined {
    const start = this.at;
    this.#pass(pattern);
    return this.at > start ? this.text.slice(start, this.at) : undefined;
  }

  takeIf(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.at += text.length;
    return true;
  }

  #pass(pattern: RegExp): void {
    pattern.lastIndex = this.at;
    if (pattern.exec(this.text)) this.at = pattern.lastIndex;
  }

  /** @throws ConftestFault where it nests too deep. */
  nest<Result>(work: () => Result): Result {
    if (++this.#depth > depthLimit) this.fail("it nests too deep");
    const result = work();
    this.#depth--;
    return result;
  }

  /** The end of a quoted template that begins here. */
  skipQuoted(): void {
    const start = this.at++;
    for (;;) {
      const char = this.next;
      if (char === "" || char === "\n") this.fail("a text does not end", start);
      if (char === "\\") this.at += 2;
      else if (this.startsWith("$${") || this.startsWith("%%{")) this.at += 3;
      else if (this.startsWith("${") || this.startsWith("%{")) this.skipInterpolation();
      else this.at++;
      if (char === '"') return;
    }
  }

  skipInterpolation(): void {
    this.at++;
    this.#skipBracket();
  }

  #skipBracket(): void {
    const start = this.at;
    const closer = closers[this.next] ?? "";
    this.at++;
    this.nest(() => {
      for (this.skip("lines"); this.next !== closer; this.skip("lines")) {
        if (this.isAtEnd) this.fail("a bracket is not closed", start);
        if (this.take(/=(?![=>])/y) === undefined) this.skipToken();
      }
    });
    this.at++;
  }

  /** One token of an expression; brackets with all that is in them are one. */
  skipToken(): void {
    const { next } = this;
    if (next === '"') this.skipQuoted();
    else if (/<<-?[A-Za-z_]/y.test(this.text.slice(this.at, this.at + 5))) this.takeHereDocument();
    else if (next in closers) this.#skipBracket();
    else if (/[)\]}]/.test(next)) this.fail(`${next} closes nothing`);
    else if (
      this.take(
        /[\p{ID_Start}_][\p{ID_Continue}-]*|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|=>|==|!=|<=|>=|&&|\|\||\.\.\.|[-+*/%<>!?:.,]/uy,
      ) === undefined
    ) {
      this.fail(`${next} is not expected`);
    }
  }

  /** The lines of a here-document, without those of its name; `<<-` takes away what all have before them. */
  takeHereDocument(): string {
    const start = this.at;
    const head =
      this.take(/<<-?[\p{ID_Start}_][\p{ID_Continue}-]*[ \t\r]*\n/uy) ??
      this.fail("a here-document has no name");
    const [, flush, name = ""] = /^<<(-?)([^\s]+)/.exec(head) ?? [];
    const lines: string[] = [];
    for (;;) {
      if (this.isAtEnd) this.fail(`the here-document ${name} does not end`, start);
      const line = this.take(/[^\n]*/y) ?? "";
      if (line.trim() === name) break;
      lines.push(line);
      this.at++;
    }
    const content = lines.map((line) => `${line}\n`).join("");
    return flush === "-" ? flushed(lines) : content;
  }
}

function flushed(lines: readonly string[]): string {
  const indents = lines
    .filter((line) => line.trim() !== "")
    .map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const indent = Math.min(...indents);
  return lines.map((line) => `${line.slice(Number.isFinite(indent) ? indent : 0)}\n`).join("");
}
