import type { Expr, Location, Term } from "../syntax/index.ts";
import { isUnaryMinus } from "./place.ts";

/** A member of a list, as the layout sees it. */
export interface Item {
  readonly at: Location;
  readonly node: unknown;
  readonly print: () => void;
}

/**
 * Items in the order of the text, those that begin on one line together.
 *
 * @param row where what holds them begins: the first item may be on that line.
 */
export function groupByLine(items: readonly Item[], row: number): readonly (readonly Item[])[] {
  if (items.some(({ node }) => isWithoutPlace(node))) return [items];
  const sorted = items.toSorted((a, b) => a.at.row - b.at.row || a.at.col - b.at.col);
  const lines: Item[][] = [[]];
  let last = row;
  for (const [i, item] of sorted.entries()) {
    if (item.at.row > last && i > 0) lines.push([]);
    last = item.at.row;
    lines.at(-1)?.push(item);
  }
  return lines;
}

/** OPA does not know where negated references stand, nor variables of the compiler: it leaves such lists ungrouped. */
function isWithoutPlace(node: unknown): boolean {
  return someNode(node, (one) => {
    if (!("kind" in one)) return false;
    return one.kind === "var" ? one.name.startsWith("__local") : isUnaryMinus(one);
  });
}

/** Some object within a tree of syntax, itself included, is as asked. */
export function someNode(node: unknown, isWanted: (node: Expr | Term) => boolean): boolean {
  if (typeof node !== "object" || node === null) return false;
  if (isWanted(node as Term)) return true;
  return Object.values(node).some((child) => someNode(child, isWanted));
}
