import type { Location } from "./location.ts";
import { caretLines, RegoDiagnostics } from "./diagnostics.ts";
import type { Token } from "./token.ts";

/** Words that are keywords in every module. */
export const baseKeywords: readonly string[] = [
  "package",
  "import",
  "as",
  "default",
  "else",
  "not",
  "some",
  "with",
  "null",
  "true",
  "false",
];

/** Words that v1 has as keywords, and v0 after an import. */
export const laterKeywords: readonly string[] = ["in", "every", "contains", "if"];

/** How deep terms and bodies may nest. */
const depthLimit = 500;

/** What OPA calls a symbol where it was not expected. */
const symbolNames: Readonly<Record<string, string>> = {
  "+": "plus",
  "-": "minus",
  "*": "mul",
  "/": "div",
  "%": "rem",
  "&": "and",
  "|": "or",
  "=": "eq",
  "==": "equal",
  ":=": "assign",
  "!=": "neq",
  ">": "gt",
  "<": "lt",
  ">=": "gte",
  "<=": "lte",
};

/** The number of a token, and how many wildcards stand before it. */
export interface Place {
  readonly at: number;
  readonly wildcards: number;
}

/** A way through the tokens of one text, with the words that are keywords just now. */
export class Cursor {
  readonly file: string;
  readonly keywords: Set<string>;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #wildcards = 0;

  constructor(source: { readonly text: string; readonly file: string }, tokens: readonly Token[]) {
    this.#text = source.text;
    this.file = source.file;
    this.#tokens = tokens;
    this.keywords = new Set(baseKeywords);
  }

  get token(): Token {
    return this.#tokens[this.#at] as Token;
  }

  get following(): Token {
    return this.#tokens[this.#at + 1] ?? this.token;
  }

  /** A place to come back to. */
  get place(): Place {
    return { at: this.#at, wildcards: this.#wildcards };
  }

  goTo({ at, wildcards }: Place): void {
    this.#at = at;
    this.#wildcards = wildcards;
  }

  /** Back by one token. */
  untake(): void {
    this.#at--;
  }

  /** The token, and on to the next. */
  take(): Token {
    const { token } = this;
    if (token.kind !== "end") this.#at++;
    return token;
  }

  isSymbol(text: string): boolean {
    return this.token.kind === "symbol" && this.token.text === text;
  }

  /** A keyword, and not the first name of a reference: `not x`, but no `not.x`. */
  isKeyword(word: string): boolean {
    return (
      this.token.kind === "word" &&
      this.token.text === word &&
      this.keywords.has(word) &&
      !this.#beginsReference()
    );
  }

  /** A name: a word that is no keyword, or one that begins a reference. */
  isName(): boolean {
    const { kind, text } = this.token;
    return kind === "word" && (!this.keywords.has(text) || text === "contains" || this.#beginsReference());
  }

  #beginsReference(): boolean {
    const { kind, text, spaced } = this.following;
    return kind === "symbol" && !spaced && (text === "." || text === "[");
  }

  takeIfSymbol(text: string): Token | undefined {
    return this.isSymbol(text) ? this.take() : undefined;
  }

  takeIfKeyword(word: string): Token | undefined {
    return this.isKeyword(word) ? this.take() : undefined;
  }

  /** The token, which must be this symbol. */
  expect(symbol: string, note = `expected ${symbol}`): Token {
    return this.isSymbol(symbol) ? this.take() : this.fail(note);
  }

  /** From a token to the last one taken. */
  from(start: { readonly row: number; readonly col: number; readonly offset: number }): Location {
    const { row, col, offset } = start;
    const last = this.#tokens[this.#at - 1];
    return { file: this.file, row, col, offset, end: Math.max(last?.end ?? offset, offset) };
  }

  /** A name for `_`, of its own. */
  wildcard(): string {
    return `$${this.#wildcards++}`;
  }

  /**
   * One level deeper.
   *
   * @throws RegoDiagnostics past the depth limit.
   */
  nest<Result>(work: () => Result): Result {
    if (++this.#depth > depthLimit) this.failAt(this.token, "max parsing recursion depth exceeded");
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }

  /** Ends with "unexpected TOKEN: note". */
  fail(note = ""): never {
    const { kind, text } = this.token;
    const type = kind === "word" && this.keywords.has(text) ? "keyword" : "token";
    return this.failAt(this.token, `unexpected ${this.#tokenName()} ${type}${note && `: ${note}`}`);
  }

  #tokenName(): string {
    const { kind, text } = this.token;
    if (kind === "end") return "eof";
    if (kind === "symbol") return symbolNames[text] ?? text;
    if (kind === "word") return this.keywords.has(text) ? text : "identifier";
    return kind === "raw-string" ? "string" : kind.replace("template", "template-string");
  }

  failAt(
    place: { readonly row: number; readonly col: number; readonly offset: number },
    message: string,
  ): never {
    const { row, col, offset } = place;
    const at = { file: this.file, row, col, offset, end: offset };
    throw new RegoDiagnostics([
      { code: "rego_parse_error", message, at, lines: caretLines(this.#text, offset) },
    ]);
  }
}
