import { templateError } from "./actions.ts";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly offset: number;
  /** White space stands before it, so that it is an operand of its own. */
  readonly spaced: boolean;
}

type TokenKind = "field" | "variable" | "word" | "string" | "raw" | "character" | "number" | "symbol";

const forms: readonly (readonly [TokenKind, RegExp])[] = [
  ["field", /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["variable", /\$[\p{L}\p{Nd}_]*/uy],
  ["word", /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["string", /"(?:[^"\\\n]|\\.)*"/uy],
  ["raw", /`[^`]*`/uy],
  ["character", /'(?:[^'\\\n]|\\.[^']*)'/uy],
  ["number", /[+-]?(?:\d|\.\d)[\w.]*(?:(?<=[eEpP])[+-][\w.]*)?/uy],
  ["symbol", /:=|[.|()=,]/uy],
];

/** The tokens of one action. */
export function readTokens(source: string, start: number, end: number): Token[] {
  const tokens: Token[] = [];
  const action = source.slice(0, end);
  let spaced = true;
  for (let at = start; at < end;) {
    if (/\s/.test(action.charAt(at))) {
      spaced = true;
      at++;
      continue;
    }
    const token = tokenAt(action, at, spaced);
    if (!token) throw templateError(source, at, `unexpected ${JSON.stringify(action.charAt(at))} in command`);
    tokens.push(token);
    at += token.text.length;
    spaced = false;
  }
  return tokens;
}

function tokenAt(action: string, offset: number, spaced: boolean): Token | undefined {
  for (const [kind, form] of forms) {
    form.lastIndex = offset;
    const text = form.exec(action)?.[0];
    if (text !== undefined) return { kind, text, offset, spaced };
  }
  return undefined;
}
