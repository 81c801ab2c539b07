import { addVariables, variablesOf } from "./map-terms.ts";
import { isRoot, sidesOf } from "./terms.ts";
import type { Body, Expr, Operator, Reference, Term } from "./terms.ts";

/** How many operands a function takes before its result. */
export type ArityOf = (operator: Operator) => number | undefined;

/** The variables that a body can bind in some order of its expressions, and those that are bound before it. */
export function boundBy(body: Body, live: ReadonlySet<string>, arityOf: ArityOf): ReadonlySet<string> {
  const bound = new Set(live);
  for (let before = -1; before !== bound.size;) {
    before = bound.size;
    for (const expr of body) addBound(expr, bound, arityOf);
  }
  return bound;
}

function addBound(expr: Expr, bound: Set<string>, arityOf: ArityOf): void {
  if (expr.negated || expr.form === "not" || expr.form === "every") return;
  if (expr.form === "term") return addPaths(expr.term, bound);
  for (const arg of expr.args) addPaths(arg, bound);
  const sides = sidesOf(expr);
  if (sides) return addEqual(...sides, bound);
  const arity = arityOf(expr.operator) ?? expr.args.length;
  if (!expr.args.slice(0, arity).every((arg) => isBound(arg, bound))) return;
  for (const output of expr.args.slice(arity)) addVariables(output, patterns, bound);
}

const patterns = { skipBodies: true, skipHeads: true };

/** References whose heads are bound bind the variables of their paths. */
function addPaths(term: Term, bound: Set<string>): void {
  switch (term.kind) {
    case "ref":
      if (isHeadBound(term, bound)) for (const part of term.path) addPathPart(part, bound);
      break;
    case "array":
    case "set":
      for (const item of term.items) addPaths(item, bound);
      break;
    case "object":
      for (const item of term.items.flat()) addPaths(item, bound);
      break;
    case "call":
      for (const arg of term.args) addPaths(arg, bound);
      break;
    default:
  }
}

function addPathPart(part: Term, bound: Set<string>): void {
  addPaths(part, bound);
  if (part.kind === "var" || part.kind === "array" || part.kind === "object")
    addVariables(part, patterns, bound);
}

function isHeadBound({ head }: Reference, bound: ReadonlySet<string>): boolean {
  return isRoot(head) || isBound(head, bound);
}

function isBound(term: Term, bound: ReadonlySet<string>): boolean {
  return [...variablesOf(term, { skipBodies: true })].every((name) => bound.has(name));
}

function addEqual(a: Term, b: Term, bound: Set<string>): void {
  if (isBound(a, bound)) addPattern(b, bound);
  if (isBound(b, bound)) addPattern(a, bound);
  if (a.kind === "array" && b.kind === "array" && a.items.length === b.items.length) {
    for (const [i, item] of a.items.entries()) addEqual(item, b.items[i] as Term, bound);
  }
}

/** What has to equal something bound is bound: variables, and those in arrays and the values of objects. */
function addPattern(term: Term, bound: Set<string>): void {
  if (term.kind === "var") bound.add(term.name);
  if (term.kind === "array") for (const item of term.items) addPattern(item, bound);
  if (term.kind === "object") for (const [, value] of term.items) addPattern(value, bound);
}
