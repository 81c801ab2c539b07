import { Lexer, Source, TokenKind } from "graphql";
import type { Token } from "graphql";

import { BuiltinError } from "../builtin.ts";
import { quote } from "../../values/index.ts";
import { tree } from "./document.ts";
import type { Place, Tree } from "./document.ts";

const depthLimit = 500;

/** The tokens of a GraphQL text, one ahead; what does not fit is an error in gqlparser's words. */
export class TokenReader {
  readonly #lexer: Lexer;
  #ahead: Token | undefined;
  #broken: Place | undefined;
  #depth = 0;

  constructor(text: string) {
    this.#lexer = new Lexer(new Source(text));
    this.#read();
  }

  /** The kind of the next token; none for what is no token. */
  get kind(): TokenKind | undefined {
    return this.#ahead?.kind;
  }

  /** The value of the next token: a name, a number, a string. */
  get value(): string {
    return this.#ahead?.value ?? "";
  }

  get place(): Place {
    if (!this.#ahead) return this.#broken ?? { line: 1, column: 1 };
    const { line, column, kind } = this.#ahead;
    return { line, column: column + (quoteLengths[kind] ?? 0) };
  }

  /** The comments right before the next token. */
  get comments(): Tree | undefined {
    const values: Tree[] = [];
    for (let token = this.#ahead?.prev; token?.kind === TokenKind.COMMENT; token = token.prev)
      values.unshift(tree({ Value: `#${token.value}` }));
    return values.length > 0 ? tree({ List: values }) : undefined;
  }

  /** Takes the next token and answers its value. */
  next(): string {
    const { value } = this;
    this.#read();
    return value;
  }

  is(kind: TokenKind, value?: string): boolean {
    return this.kind === kind && (value === undefined || this.value === value);
  }

  skip(kind: TokenKind): boolean {
    if (!this.is(kind)) return false;
    this.next();
    return true;
  }

  expect(kind: TokenKind): string {
    if (this.is(kind)) return this.next();
    throw this.fault(`Expected ${kind}, found ${this.kind ?? "<Invalid>"}`);
  }

  expectKeyword(word: string): void {
    if (!this.is(TokenKind.NAME, word)) throw this.fault(`Expected ${quote(word)}, found ${this.#shown()}`);
    this.next();
  }

  /** The items between two tokens; none when the first is not there. */
  many<Item>(open: TokenKind, close: TokenKind, item: () => Item): Item[] {
    const items: Item[] = [];
    if (!this.skip(open)) return items;
    if (++this.#depth > depthLimit) throw this.fault("nested too deep");
    while (!this.is(close)) items.push(item());
    this.next();
    this.#depth--;
    return items;
  }

  /** The same, with one item at least. `beforeClose` sees the reader before the last token. */
  some<Item>(open: TokenKind, close: TokenKind, item: () => Item, beforeClose?: () => void): Item[] {
    const opened = this.is(open);
    const items = this.many(open, close, () => {
      const read = item();
      if (this.is(close)) beforeClose?.();
      return read;
    });
    if (opened && items.length === 0) throw this.#emptyFault(close);
    return items;
  }

  unexpected(): BuiltinError {
    return this.fault(`Unexpected ${this.#shown()}`);
  }

  fault(message: string, { line, column }: Place = this.place): BuiltinError {
    return new BuiltinError(`${message} in GraphQL string at location ${line}:${column}`);
  }

  #emptyFault(close: TokenKind): BuiltinError {
    const token = this.#ahead?.prev;
    return this.fault(`expected at least one definition, found ${close}`, {
      line: token?.line ?? 1,
      column: token?.column ?? 1,
    });
  }

  #shown(): string {
    if (this.kind === undefined) return "<Invalid>";
    return this.value === "" ? this.kind : `${this.kind} ${quote(this.value)}`;
  }

  #read(): void {
    try {
      this.#ahead = this.#lexer.advance();
    } catch (error) {
      this.#ahead = undefined;
      this.#broken = placeOfFault(error);
    }
  }
}

/** gqlparser places a string after its quotes. */
const quoteLengths: Partial<Record<TokenKind, number>> = { String: 1, BlockString: 3 };

function placeOfFault(error: unknown): Place {
  const [place] = (error as { readonly locations?: readonly Place[] }).locations ?? [];
  return place ?? { line: 1, column: 1 };
}
