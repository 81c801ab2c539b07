import type { Location, Term } from "../syntax/index.ts";

/** The operators that are written between their operands, by the builtins that they call. */
export const infixes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    eq: "=",
    assign: ":=",
    equal: "==",
    neq: "!=",
    lt: "<",
    lte: "<=",
    gt: ">",
    gte: ">=",
    plus: "+",
    minus: "-",
    mul: "*",
    div: "/",
    rem: "%",
    and: "&",
    or: "|",
  }),
);

/**
 * Where a term stands for the layout: its row and column are those of what is written first, parentheses aside; its
 * text includes the parentheses, and for a reference into a composite begins with the bracket that closes it.
 */
export function placeOf(term: Term): Location {
  const { row, col } = firstOf(term).at;
  const { offset, end } = term.group ?? term.at;
  return { ...term.at, row, col, offset: term.group ? offset : textStart(term), end };
}

function firstOf(term: Term): Term {
  if (term.kind === "ref") return firstOf(term.head);
  const left = findLeft(term);
  return left ? firstOf(left) : term;
}

/** The first operand, when the operator stands after it. */
function findLeft(term: Term): Term | undefined {
  return term.kind === "call" && term.operator.at.offset > term.at.offset ? term.args[0] : undefined;
}

function textStart(term: Term): number {
  if (term.kind === "ref") return headStart(term.head);
  if (term.kind !== "call") return term.at.offset;
  const left = findLeft(term);
  if (left) return left.group?.offset ?? textStart(left);
  return isUnaryMinus(term) ? term.at.offset : headStart(term.operator.head);
}

function headStart(head: Term): number {
  if (head.group) return head.group.end - 1;
  return head.kind === "var" || head.kind === "call" ? textStart(head) : head.at.end - 1;
}

/** `-reference`: the parser has made it `0 - reference`. */
export function isUnaryMinus(term: Term): boolean {
  if (term.kind !== "call") return false;
  const [zero] = term.args;
  return zero?.kind === "scalar" && zero.at.offset === term.operator.at.offset;
}

/** How many lines end in a text. */
export function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

export type Pair = readonly [open: string, close: string];

export const parentheses: Pair = ["(", ")"];
export const brackets: Pair = ["[", "]"];
export const braces: Pair = ["{", "}"];

/** A text, and the row of its beginning. */
export interface PlacedText {
  readonly text: string;
  readonly row: number;
}

/**
 * The row in which the first pair of brackets of a text closes, those of another pair skipped first; -1 when there is
 * none. As OPA finds it: brackets in strings and comments count, and lines count from the opening bracket on.
 */
export function closingRow({ text, row }: PlacedText, pair: Pair, skipped?: Pair): number {
  const first = skipped ? findClosing(text, 0, skipped) : { at: 0, lines: 0 };
  const found = first && findClosing(text, first.at, pair);
  return first && found ? row + first.lines + found.lines : -1;
}

function findClosing(
  text: string,
  from: number,
  [open, close]: Pair,
): { at: number; lines: number } | undefined {
  let at = text.indexOf(open, from);
  if (at < 0) return undefined;
  let lines = 0;
  for (let depth = 1; depth > 0;) {
    if (++at >= text.length) return undefined;
    const character = text[at];
    if (character === open) depth++;
    else if (character === close) depth--;
    else if (character === "\n") lines++;
  }
  return { at, lines };
}
