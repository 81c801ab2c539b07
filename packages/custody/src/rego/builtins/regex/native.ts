import { charsetSource } from "./charset.ts";
import { isDeterministic } from "./determinism.ts";
import { findSimplePattern } from "./simple-pattern.ts";
import type { SimpleNode, SimplePattern } from "./simple-pattern.ts";

/** A pattern that the engine of JavaScript matches as RE2 does, and in linear time. */
export interface NativePattern {
  /** Whether it can match at the beginning of a text only. */
  readonly isAnchored: boolean;
  readonly expression: RegExp;
}

const lengthLimit = 200;

/**
 * The pattern for V8, which is much faster than RE2's automata in JavaScript; undefined for one of which it is not
 * known that the matches are the same and the time is linear. The expression is written anew from what was read: no
 * text of the pattern gets into it.
 */
export function findNative(pattern: string): NativePattern | undefined {
  const simple = pattern.length <= lengthLimit ? findSimplePattern(pattern) : undefined;
  if (!simple || !isLinear(simple)) return undefined;
  const { body, isAnchored, isWhole } = simple;
  const source = `${isAnchored ? "^" : ""}${sourceOf(body)}${isWhole ? "$" : ""}`;
  return { isAnchored, expression: new RegExp(source, "u") };
}

/** From one place at most, or from every place but a few characters far; and from there in few ways or in one. */
function isLinear({ body, isAnchored }: SimplePattern): boolean {
  const loops = countLoops(body);
  if (!isLooseFree(body) || (loops > 0 && !isAnchored)) return false;
  return (loops <= 1 && countWays(body) <= wayLimit) || isDeterministic(body);
}

function countLoops(node: SimpleNode): number {
  const own = node.kind === "repeat" && node.most === Infinity ? 1 : 0;
  return partsOf(node).reduce((sum, part) => sum + countLoops(part), own);
}

const wayLimit = 16;

/**
 * In how many ways a part can be gone through, not counting how often a loop goes round; infinite for a loop over more
 * than one character.
 */
function countWays(node: SimpleNode): number {
  const ways = partsOf(node).map(countWays);
  switch (node.kind) {
    case "choice":
      return ways.reduce((sum, way) => sum + way, 0);
    case "repeat":
      if (node.most === Infinity) return node.body.kind === "set" ? 1 : Infinity;
      return countRepeats(ways[0] ?? 1, node);
    default:
      return ways.reduce((product, way) => product * way, 1);
  }
}

function countRepeats(
  way: number,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  let ways = 0;
  for (let times = least; times <= most && ways <= wayLimit; times++) ways += way ** times;
  return ways;
}

/** No group is matched more than once, whose last match the two engines tell differently, and none can be empty. */
function isLooseFree(node: SimpleNode, isRepeated = false): boolean {
  if (node.kind === "group" && isRepeated) return false;
  if (node.kind === "repeat" && isNullable(node.body)) return false;
  if (node.kind === "choice" && node.options.filter(isNullable).length > 1) return false;
  const repeats = isRepeated || (node.kind === "repeat" && node.most > 1);
  return partsOf(node).every((part) => isLooseFree(part, repeats));
}

function isNullable(node: SimpleNode): boolean {
  switch (node.kind) {
    case "set":
      return node.set.length === 0;
    case "choice":
      return node.options.some(isNullable);
    case "repeat":
      return node.least === 0 || isNullable(node.body);
    default:
      return partsOf(node).every(isNullable);
  }
}

function partsOf(node: SimpleNode): readonly SimpleNode[] {
  switch (node.kind) {
    case "sequence":
      return node.parts;
    case "choice":
      return node.options;
    case "set":
      return [];
    default:
      return [node.body];
  }
}

function sourceOf(node: SimpleNode): string {
  switch (node.kind) {
    case "set":
      return charsetSource(node.set);
    case "sequence":
      return node.parts.map(sourceOf).join("");
    case "choice":
      return `(?:${node.options.map(sourceOf).join("|")})`;
    case "group":
      return `(${sourceOf(node.body)})`;
    default:
      return `(?:${sourceOf(node.body)}){${node.least},${node.most === Infinity ? "" : node.most}}`;
  }
}
