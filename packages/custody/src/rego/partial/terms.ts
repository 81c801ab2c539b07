import type { RegoValue } from "../values/index.ts";
import { equal } from "../values/index.ts";

/*
 * What the partial evaluator works on: compiled rules with every variable renamed for the place it is used at, so that
 * one substitution serves for all of them. Terms without variables are values.
 */

export interface Known {
  readonly kind: "known";
  readonly value: RegoValue;
}

export interface Variable {
  readonly kind: "var";
  readonly name: string;
}

/** The head is `data` or `input`, or any term. */
export interface Reference {
  readonly kind: "ref";
  readonly head: Term;
  readonly path: readonly Term[];
}

interface Items {
  readonly kind: "array" | "set";
  readonly items: readonly Term[];
}

export type Pair = readonly [key: Term, value: Term];

interface Pairs {
  readonly kind: "object";
  readonly items: readonly Pair[];
}

export interface Comprehension {
  readonly kind: "comprehension";
  readonly makes: "array" | "set" | "object";
  /** What is collected: an item, or a key and a value. */
  readonly yields: readonly Term[];
  readonly body: Body;
}

/** A call inside of a term; there are none before copies are propagated. */
interface Call {
  readonly kind: "call";
  readonly operator: Operator;
  readonly args: readonly Term[];
}

export type Term = Known | Variable | Reference | Items | Pairs | Comprehension | Call;

/** The parts of a function's name: `["data", "t", "f"]`, `["count"]`. */
export type Operator = readonly string[];

export interface With {
  readonly target: Operator;
  /** A value, or the function that takes the place of the target. */
  readonly value: Term | { readonly kind: "function"; readonly operator: Operator };
}

/** Where an expression comes from: the numbers of the evaluated body and of the expression in it. */
export interface Place {
  readonly query: number;
  readonly index: number;
}

interface ExprBase {
  readonly negated: boolean;
  readonly with: readonly With[];
  readonly place: Place;
}

export interface TermExpr extends ExprBase {
  readonly form: "term";
  readonly term: Term;
}

export interface CallExpr extends ExprBase {
  readonly form: "call";
  readonly operator: Operator;
  readonly args: readonly Term[];
}

export interface EveryExpr extends ExprBase {
  readonly form: "every";
  readonly key: Variable | undefined;
  readonly value: Variable;
  readonly domain: Term;
  readonly body: Body;
}

export interface NotExpr extends ExprBase {
  readonly form: "not";
  readonly body: Body;
}

export type Expr = TermExpr | CallExpr | EveryExpr | NotExpr;

export type Body = readonly Expr[];

/** A rule, ready to be evaluated once: no other evaluation has its variables. */
export interface Instance {
  readonly query: number;
  readonly args: readonly Term[];
  /** What follows the constant beginning of the head. */
  readonly tail: readonly Term[];
  /** The member of a set, or the value. */
  readonly yields: Term;
  readonly isMember: boolean;
  readonly body: Body;
}

export function known(value: RegoValue): Known {
  return { kind: "known", value };
}

export function variable(name: string): Variable {
  return { kind: "var", name };
}

/** The variable that holds the value of an expression which has to be true. */
export function tested({ query, index }: Place): Variable {
  return variable(`${testPrefix}${query}_${index}`);
}

const testPrefix = "__test__";

/** True for a variable of which nothing but its being true is asked. */
export function isTested(term: Term): boolean {
  return term.kind === "var" && term.name.startsWith(testPrefix);
}

export function isRoot(term: Term): term is Variable {
  return term.kind === "var" && (term.name === "data" || term.name === "input");
}

/** The reference to a path below `data` or `input`. */
export function pathRef([root = "", ...names]: readonly string[], rest: readonly Term[] = []): Reference {
  return { kind: "ref", head: variable(root), path: [...names.map(known), ...rest] };
}

const equals: Operator = ["eq"];

export function equality(a: Term, b: Term, place: Place): CallExpr {
  return { form: "call", operator: equals, args: [a, b], negated: false, with: [], place };
}

export function termExpr(term: Term, place: Place): TermExpr {
  return { form: "term", term, negated: false, with: [], place };
}

/** The two sides of an equality; undefined for any other expression. */
export function sidesOf(expr: Expr): readonly [Term, Term] | undefined {
  if (expr.form !== "call" || expr.args.length !== 2) return undefined;
  const [name, ...more] = expr.operator;
  const isEquality = more.length === 0 && (name === "eq" || name === "assign");
  return isEquality ? (expr.args as [Term, Term]) : undefined;
}

export function isTrue(term: Term): boolean {
  return term.kind === "known" && term.value === true;
}

export function isFalse(term: Term): boolean {
  return term.kind === "known" && term.value === false;
}

/** True for terms that are written the same, once variables have their names. */
export function sameTerm(a: Term, b: Term): boolean {
  switch (a.kind) {
    case "known":
      return b.kind === "known" && equal(a.value, b.value);
    case "var":
      return b.kind === "var" && a.name === b.name;
    case "ref":
      return b.kind === "ref" && sameTerm(a.head, b.head) && sameTerms(a.path, b.path);
    case "array":
    case "set":
      return b.kind === a.kind && sameTerms(a.items, b.items);
    case "object":
      return b.kind === "object" && sameTerms(a.items.flat(), b.items.flat());
    case "call":
      return b.kind === "call" && sameOperator(a.operator, b.operator) && sameTerms(a.args, b.args);
    default:
      return a === b;
  }
}

function sameTerms(a: readonly Term[], b: readonly Term[]): boolean {
  return a.length === b.length && a.every((term, i) => sameTerm(term, b[i] as Term));
}

function sameOperator(a: Operator, b: Operator): boolean {
  return a.join(".") === b.join(".");
}
