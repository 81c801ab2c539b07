import { RegoDiagnostics, caretLines } from "./diagnostics.ts";
import type { Comment, Token, TokenKind } from "./token.ts";

export interface Lexed {
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
}

const symbols = /:=|==|!=|<=|>=|[[\]{}(),:;.+\-*/%&|=<>]/y;
const word = /[A-Za-z_][A-Za-z_0-9\p{Nd}]*/uy;
const number = /\d+(?:\.\d*)?(?:[eE][+-]?\d*)?/y;
const blank = /[ \t\r\n]+/y;
const comment = /#[^\n]*/y;
const string = /"(?:[^"\\\n]|\\(?:["\\/bfnrt]|u[^\n]{4}))*"/y;
const rawString = /`[^`]*`/y;
const templateText = /(?:[^"\\\n{]|\\(?:["\\/bfnrt{]|u[^\n]{4}))*/y;
const rawTemplateText = /(?:[^`\\{]|\\\{|\\(?!\{))*/y;

/**
 * The tokens of a module's text.
 *
 * @throws RegoDiagnostics `rego_parse_error` for characters and literals that are none.
 */
export function lex(text: string, file: string): Lexed {
  const odd = text.search(/\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
  if (odd >= 0) return refuseCharacter(text, file, odd);
  return new Lexer(text, file).run();
}

function refuseCharacter(text: string, file: string, offset: number): never {
  const before = text.slice(0, offset).split("\n");
  const at = { file, row: before.length, col: (before.at(-1)?.length ?? 0) + 1, offset, end: offset + 1 };
  const message = text[offset] === "\0" ? "illegal null character" : "illegal utf-8 character";
  throw new RegoDiagnostics([{ code: "rego_parse_error", message, at, lines: caretLines(text, offset) }]);
}

class Lexer {
  readonly #text: string;
  readonly #file: string;
  readonly #tokens: Token[] = [];
  readonly #comments: Comment[] = [];
  /** The open templates, innermost last: their quote, and how many braces are open in the expression. */
  readonly #templates: { readonly quote: string; depth: number }[] = [];
  #at = 0;
  #row = 1;
  #lineStart = 0;
  #spaced = false;
  #onNewLine = false;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
    if (text.startsWith("\ufeff")) this.#at = 1;
  }

  run(): Lexed {
    while (this.#skipBlank()) this.#token();
    this.#push("end", "", this.#text.length);
    return { tokens: this.#tokens, comments: this.#comments };
  }

  /** False at the end of the text. */
  #skipBlank(): boolean {
    for (;;) {
      const space = this.#match(blank);
      if (space !== undefined) this.#passBlank(space);
      else if (this.#text[this.#at] === "#") this.#comment();
      else return this.#at < this.#text.length;
    }
  }

  #passBlank(space: string): void {
    this.#spaced = true;
    this.#at += space.length;
    const last = space.lastIndexOf("\n");
    if (last < 0) return;
    this.#onNewLine = true;
    this.#countLines(space, this.#at - space.length);
  }

  #countLines(text: string, offset: number): void {
    for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) {
      this.#row++;
      this.#lineStart = offset + i + 1;
    }
  }

  #comment(): void {
    const text = this.#match(comment) ?? "";
    const place = { row: this.#row, col: this.#column(), offset: this.#at, end: this.#at + text.length };
    this.#comments.push({ text: text.slice(1).replace(/\r$/, ""), ...place });
    this.#at += text.length;
    this.#spaced = true;
  }

  #token(): void {
    const first = this.#text.charAt(this.#at);
    if (/[A-Za-z_]/.test(first)) this.#push("word", this.#match(word) ?? first);
    else if (/[0-9]/.test(first)) this.#number();
    else if (first === '"') this.#string();
    else if (first === "`")
      this.#push("raw-string", this.#match(rawString) ?? this.#fail("non-terminated string"));
    else if (first === "$") this.#template();
    else this.#symbol(first);
  }

  #number(): void {
    const text = this.#match(number) ?? "";
    if (/\.(?!\d)/.test(text)) this.#fail("expected fraction");
    if (/[eE][+-]?$/.test(text)) this.#fail("expected exponent");
    if (/[A-Za-z_]/.test(this.#text.charAt(this.#at + text.length))) this.#fail("illegal number format");
    this.#push("number", text);
  }

  #string(): void {
    const text = this.#match(string);
    if (text === undefined) this.#failInString(this.#text.slice(this.#at + 1));
    this.#push("string", text ?? "");
  }

  #failInString(rest: string): never {
    const bad = /^(?:[^"\\\n]|\\(?:["\\/bfnrt]|u[^\n]{4}))*\\/.test(rest);
    return this.#fail(bad ? "illegal escape sequence" : "non-terminated string");
  }

  #symbol(first: string): void {
    const text = this.#match(symbols);
    if (text === undefined) this.#failAtCharacter(first);
    const open = this.#templates.at(-1);
    if (open && text === "{") open.depth++;
    if (open && text === "}" && open.depth-- === 0) return this.#closeBrace(open.quote);
    this.#push("symbol", text ?? "");
  }

  #failAtCharacter(character: string): never {
    if (character === "!" || character === "$") return this.#fail(`illegal ${character} character`);
    if (character === "\0") return this.#fail("illegal null character");
    return this.#fail(character === "\ufeff" ? "illegal byte-order mark" : "illegal token");
  }

  #template(): void {
    const quote = this.#text.charAt(this.#at + 1);
    if (quote !== '"' && quote !== "`") this.#fail("illegal $ character");
    this.#templates.push({ quote, depth: 0 });
    this.#templateText(quote, 2);
  }

  /** A `}` that ends a template's expression: the symbol, and then the template's text goes on. */
  #closeBrace(quote: string): void {
    this.#push("symbol", "}");
    this.#templates[this.#templates.length - 1] = { quote, depth: 0 };
    this.#templateText(quote, 0);
  }

  #templateText(quote: string, opening: number): void {
    const raw = quote === "`";
    const start = this.#at + opening;
    const text = this.#match(raw ? rawTemplateText : templateText, start) ?? "";
    const delimiter = this.#text.charAt(start + text.length);
    if (delimiter !== quote && delimiter !== "{") this.#failInTemplate(delimiter);
    const ends = delimiter === quote;
    if (ends) this.#templates.pop();
    this.#push(`${raw ? "raw-" : ""}template-${ends ? "end" : "part"}`, text, start + text.length + 1);
  }

  #failInTemplate(delimiter: string): never {
    return this.#fail(delimiter === "\\" ? "illegal escape sequence" : "non-terminated string");
  }

  #push(kind: TokenKind, text: string, end = this.#at + text.length): void {
    // OPA's scanner stands on the last character when it finds the end.
    const col = this.#column() - (kind === "end" ? 1 : 0);
    const place = { row: this.#row, col, offset: this.#at, end };
    this.#tokens.push({ kind, text, ...place, spaced: this.#spaced, onNewLine: this.#onNewLine });
    this.#countLines(this.#text.slice(this.#at, end), this.#at);
    this.#at = end;
    this.#spaced = false;
    this.#onNewLine = false;
  }

  #match(pattern: RegExp, at = this.#at): string | undefined {
    pattern.lastIndex = at;
    return pattern.exec(this.#text)?.[0];
  }

  #column(): number {
    return this.#at - this.#lineStart + 1;
  }

  #fail(message: string): never {
    const at = { file: this.#file, row: this.#row, col: this.#column(), offset: this.#at, end: this.#at + 1 };
    const lines = caretLines(this.#text, this.#at);
    throw new RegoDiagnostics([{ code: "rego_parse_error", message, at, lines }]);
  }
}
