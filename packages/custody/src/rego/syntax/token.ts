/** Kinds of token. Keywords are `word`s: which words are keywords depends on the imports before them. */
export type TokenKind =
  | "word"
  | "number"
  | "string"
  | "raw-string"
  /** Text of a template up to `{`, or up to its end. */
  | "template-part"
  | "template-end"
  | "raw-template-part"
  | "raw-template-end"
  | "symbol"
  | "end";

export interface Token {
  readonly kind: TokenKind;
  /** As it stands in the source; for strings with their quotes, for template texts without the delimiters. */
  readonly text: string;
  readonly row: number;
  readonly col: number;
  readonly offset: number;
  readonly end: number;
  /** White space or a comment stands before it. */
  readonly spaced: boolean;
  /** A line ends before it. */
  readonly onNewLine: boolean;
}

/** A comment, without its `#`. */
export interface Comment {
  readonly text: string;
  readonly row: number;
  readonly col: number;
  readonly offset: number;
  readonly end: number;
}
