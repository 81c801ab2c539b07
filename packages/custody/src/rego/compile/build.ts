import { builtinRef } from "../syntax/index.ts";
import type {
  Body,
  CallExpr,
  Expr,
  Location,
  RefTerm,
  ScalarTerm,
  Term,
  TermExpr,
  VarTerm,
} from "../syntax/index.ts";

/* Short ways to make nodes of the syntax. */

export function varTerm(name: string, at: Location): VarTerm {
  return { kind: "var", name, at };
}

function scalarTerm(value: ScalarTerm["value"], at: Location): ScalarTerm {
  return { kind: "scalar", value, at };
}

/** The reference to a path below `data` or `input`: `["data", "p"]`. */
export function pathRef([root = "", ...names]: readonly string[], at: Location): RefTerm {
  return { kind: "ref", head: varTerm(root, at), path: names.map((name) => scalarTerm(name, at)), at };
}

/** `a = b`, which the compiler put there. */
export function equality(a: Term, b: Term, withs: Expr["with"] = []): CallExpr {
  return {
    form: "call",
    operator: builtinRef("eq", b.at),
    args: [a, b],
    negated: false,
    with: withs,
    at: b.at,
  };
}

export function trueExpr(at: Location): TermExpr {
  return { form: "term", term: scalarTerm(true, at), negated: false, with: [], at };
}

/** The body with more expressions; a body that was only `true` is replaced by them. */
export function appendTo(body: Body, exprs: readonly Expr[]): Body {
  return exprs.length > 0 && isEmptyBody(body) ? exprs : [...body, ...exprs];
}

function isEmptyBody([first, ...rest]: Body): boolean {
  return rest.length === 0 && first?.form === "term" && !first.negated && isTrue(first.term);
}

function isTrue(term: Term): boolean {
  return term.kind === "scalar" && term.value === true;
}

/** The dotted name of an operator: `strings.count`, `data.p.f`. Undefined for one with a variable in its path. */
export function operatorName({ head, path }: RefTerm): string | undefined {
  if (head.kind !== "var") return undefined;
  const names = [head.name];
  for (const part of path) {
    if (part.kind !== "scalar" || typeof part.value !== "string") return undefined;
    names.push(part.value);
  }
  return names.join(".");
}

/** True for `a = b` and `a := b`. */
export function isEquality(expr: CallExpr): boolean {
  if (expr.args.length !== 2) return false;
  const name = operatorName(expr.operator);
  return name === "eq" || name === "assign";
}
