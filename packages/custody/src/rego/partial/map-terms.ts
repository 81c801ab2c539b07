import { objectOf, RegoSet } from "../values/index.ts";
import { known } from "./terms.ts";
import type { Body, Expr, Pair, Term, With } from "./terms.ts";

type Map = (term: Term) => Term;

export interface Mapping {
  readonly term: Map;
  readonly body: (body: Body) => Body;
}

/** The term with what is directly inside of it mapped; a composite whose parts are all known is known. */
export function mapInside(term: Term, { term: map, body }: Mapping): Term {
  switch (term.kind) {
    case "known":
    case "var":
      return term;
    case "ref":
      return joined(map(term.head), term.path.map(map));
    case "array":
    case "set":
      return itemsTerm(term.kind, term.items.map(map));
    case "object":
      return pairsTerm(term.items.map(([key, value]) => [map(key), map(value)]));
    case "call":
      return { ...term, args: term.args.map(map) };
    default:
      return { ...term, yields: term.yields.map(map), body: body(term.body) };
  }
}

/** A reference; what refers into a reference is one reference. */
export function joined(head: Term, path: readonly Term[]): Term {
  if (head.kind === "ref") return { kind: "ref", head: head.head, path: [...head.path, ...path] };
  return { kind: "ref", head, path };
}

export function itemsTerm(kind: "array" | "set", items: readonly Term[]): Term {
  const values = items.flatMap((item) => (item.kind === "known" ? [item.value] : []));
  if (values.length < items.length) return { kind, items };
  return known(kind === "array" ? values : new RegoSet(values));
}

export function pairsTerm(items: readonly Pair[]): Term {
  const values = items.flatMap(([key, value]) =>
    key.kind === "known" && value.kind === "known" ? [[key.value, value.value] as const] : [],
  );
  return values.length < items.length ? { kind: "object", items } : known(objectOf(values));
}

/** The expression with its terms and bodies mapped. */
export function mapExpr(expr: Expr, mapping: Mapping): Expr {
  const { term, body } = mapping;
  const withs = expr.with.map((one) => mapWith(one, term));
  switch (expr.form) {
    case "term":
      return { ...expr, with: withs, term: term(expr.term) };
    case "call":
      return { ...expr, with: withs, args: expr.args.map(term) };
    case "every":
      return { ...expr, with: withs, domain: term(expr.domain), body: body(expr.body) };
    default:
      return { ...expr, with: withs, body: body(expr.body) };
  }
}

function mapWith(one: With, map: Map): With {
  return one.value.kind === "function" ? one : { ...one, value: map(one.value) };
}

/** Terms of an expression that are evaluated with it: not those inside of its bodies. */
export function termsOf(expr: Expr): readonly Term[] {
  const values = expr.with.flatMap(({ value }) => (value.kind === "function" ? [] : [value]));
  switch (expr.form) {
    case "term":
      return [expr.term, ...values];
    case "call":
      return [...expr.args, ...values];
    case "every":
      return [expr.domain, ...values];
    default:
      return values;
  }
}

export interface VariablesOptions {
  /** Bodies inside of the term: default is to look into them. */
  readonly skipBodies?: boolean;
  readonly skipHeads?: boolean;
}

/** Adds the variables of a term; `data` and `input` are none. */
export function addVariables(term: Term, options: VariablesOptions, to: Set<string>): void {
  const add = (inner: Term): void => addVariables(inner, options, to);
  switch (term.kind) {
    case "known":
      break;
    case "var":
      if (term.name !== "data" && term.name !== "input") to.add(term.name);
      break;
    case "ref":
      if (!options.skipHeads || term.head.kind !== "var") add(term.head);
      term.path.forEach(add);
      break;
    case "array":
    case "set":
      term.items.forEach(add);
      break;
    case "object":
      term.items.flat().forEach(add);
      break;
    case "call":
      term.args.forEach(add);
      break;
    default:
      if (!options.skipBodies) {
        term.yields.forEach(add);
        addBodyVariables(term.body, options, to);
      }
  }
}

export function addBodyVariables(body: Body, options: VariablesOptions, to: Set<string>): void {
  for (const expr of body) addExprVariables(expr, options, to);
}

export function addExprVariables(expr: Expr, options: VariablesOptions, to: Set<string>): void {
  for (const term of termsOf(expr)) addVariables(term, options, to);
  if (options.skipBodies) return;
  if (expr.form === "every") {
    if (expr.key) to.add(expr.key.name);
    to.add(expr.value.name);
    addBodyVariables(expr.body, options, to);
  }
  if (expr.form === "not") addBodyVariables(expr.body, options, to);
}

export function variablesOf(term: Term, options: VariablesOptions = {}): Set<string> {
  const found = new Set<string>();
  addVariables(term, options, found);
  return found;
}

export function variablesOfExpr(expr: Expr, options: VariablesOptions = {}): Set<string> {
  const found = new Set<string>();
  addExprVariables(expr, options, found);
  return found;
}
