import type { Argument } from "./arguments.ts";
import { plainLayout } from "./layout.ts";
import type { Layout } from "./layout.ts";

/** A stretch of the format: text to print, and after it perhaps a verb with the argument that it prints. */
export interface Piece {
  readonly text: string;
  readonly directive?: Directive;
}

export interface Directive {
  readonly verb: string;
  readonly layout: Layout;
  readonly argument: Argument;
}

/** Widths and precisions past this are no numbers. */
const numberLimit = 1_000_000;

const flags: Readonly<Record<string, "sharp" | "zero" | "plus" | "minus" | "space">> = {
  "#": "sharp",
  "0": "zero",
  "+": "plus",
  "-": "minus",
  " ": "space",
};

/**
 * Reads a format piece by piece. Flags, indices (`%[2]d`) and stars are as in Go's `fmt`, and so is the text that
 * tells of a directive that cannot be served.
 */
export class FormatReader {
  readonly #format: string;
  readonly #values: readonly Argument[];
  #at = 0;
  #next = 0;
  #reordered = false;
  #indexValid = true;
  #afterIndex = false;

  constructor(format: string, values: readonly Argument[]) {
    this.#format = format;
    this.#values = values;
  }

  read(): Piece | undefined {
    if (this.#at >= this.#format.length) return undefined;
    const percent = this.#format.indexOf("%", this.#at);
    if (percent !== this.#at) return { text: this.#take(percent < 0 ? this.#format.length : percent) };
    this.#at++;
    return this.#readDirective();
  }

  /** The arguments that no directive took; none when an index jumped among them. */
  unused(): readonly Argument[] {
    return this.#reordered ? [] : this.#values.slice(this.#next);
  }

  #take(end: number): string {
    const text = this.#format.slice(this.#at, end);
    this.#at = end;
    return text;
  }

  #readDirective(): Piece {
    this.#indexValid = true;
    const layout = plainLayout();
    this.#readFlags(layout);
    this.#readIndex();
    const text = this.#readWidth(layout) + this.#readPrecision(layout);
    if (!this.#afterIndex) this.#readIndex();
    if (this.#at >= this.#format.length) return { text: `${text}%!(NOVERB)` };
    const verb = String.fromCodePoint(this.#format.codePointAt(this.#at) ?? 0);
    this.#at += verb.length;
    return this.#serve(verb, layout, text);
  }

  #serve(verb: string, layout: Layout, text: string): Piece {
    if (verb === "%") return { text: `${text}%` };
    if (!this.#indexValid) return { text: `${text}%!${verb}(BADINDEX)` };
    const argument = this.#values[this.#next];
    if (!argument) return { text: `${text}%!${verb}(MISSING)` };
    this.#next++;
    const directive = { verb, layout: /[vw]/.test(verb) ? inGoSyntax(layout) : layout, argument };
    return { text, directive };
  }

  #readFlags(layout: Layout): void {
    for (;;) {
      const flag = flags[this.#format.charAt(this.#at)];
      if (!flag) return;
      layout[flag] = true;
      this.#at++;
    }
  }

  /** `[n]`: the argument that is next. */
  #readIndex(): void {
    this.#afterIndex = false;
    if (this.#format[this.#at] !== "[") return;
    this.#reordered = true;
    const close = this.#format.indexOf("]", this.#at + 1);
    const index = close < 0 ? "" : this.#format.slice(this.#at + 1, close);
    this.#at = close < 0 ? this.#at + 1 : close + 1;
    const valid = /^\d{1,7}$/.test(index);
    this.#afterIndex = valid;
    if (valid && Number(index) >= 1 && Number(index) <= this.#values.length) this.#next = Number(index) - 1;
    else this.#indexValid = false;
  }

  #readWidth(layout: Layout): string {
    if (this.#format[this.#at] !== "*") {
      layout.width = this.#readNumber();
      if (this.#afterIndex && layout.width !== undefined) this.#indexValid = false;
      return "";
    }
    const width = this.#readStar();
    layout.width = width === undefined ? undefined : Math.abs(width);
    if (width !== undefined && width < 0) {
      layout.minus = true;
      layout.zero = false;
    }
    return width === undefined ? "%!(BADWIDTH)" : "";
  }

  #readPrecision(layout: Layout): string {
    if (this.#format[this.#at] !== "." || this.#at + 1 >= this.#format.length) return "";
    this.#at++;
    if (this.#afterIndex) this.#indexValid = false;
    this.#readIndex();
    if (this.#format[this.#at] !== "*") {
      layout.precision = this.#readNumber() ?? 0;
      return "";
    }
    const precision = this.#readStar();
    layout.precision = precision !== undefined && precision >= 0 ? precision : undefined;
    return layout.precision === undefined ? "%!(BADPREC)" : "";
  }

  /** The next argument as a number. */
  #readStar(): number | undefined {
    this.#at++;
    this.#afterIndex = false;
    const argument = this.#values[this.#next];
    if (!argument) return undefined;
    this.#next++;
    const number = argument.kind === "integer" ? Number(argument.integer) : undefined;
    return number !== undefined && Math.abs(number) <= numberLimit ? number : undefined;
  }

  /** Digits as a number; so many that no one can mean them take the rest of the format along. */
  #readNumber(): number | undefined {
    let number: number | undefined;
    for (; /^\d$/.test(this.#format.charAt(this.#at)); this.#at++) {
      if (number !== undefined && number > numberLimit) {
        this.#at = this.#format.length;
        return undefined;
      }
      number = (number ?? 0) * 10 + Number(this.#format.charAt(this.#at));
    }
    return number;
  }
}

/** `%v` takes `#` and `+` as a wish for Go's syntax. */
function inGoSyntax(layout: Layout): Layout {
  return { ...layout, sharp: false, plus: false, sharpV: layout.sharp, plusV: layout.plus };
}
