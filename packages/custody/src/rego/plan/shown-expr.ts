import { builtinRef } from "../syntax/index.ts";
import type { Expr } from "../syntax/index.ts";

/** An expression of a query as traces have it: one whose value is asked for is made equal to what nobody named. */
export function shownExpr(expr: Expr): Expr {
  if (expr.form !== "term" || expr.negated) return expr;
  const { at, term } = expr;
  const operator = builtinRef("eq", at);
  return { ...expr, form: "call", operator, args: [term, { kind: "var", name: "$term", at }] };
}
