import type { Body, CallExpr, Expr, RefTerm, Rule, Term } from "../syntax/index.ts";
import { operatorName } from "./build.ts";
import { mapExpr, mapInside } from "./map-terms.ts";

/** The full names of rules that are no functions. */
export type RuleNames = ReadonlySet<string>;

/** Takes calls without arguments for what OPA takes them: `f()` is the value of the rule `f` where that is no function. */
export function withoutEmptyCalls(rule: Rule, rules: RuleNames): Rule {
  const mapping = {
    term: (term: Term): Term => {
      const inner = mapInside(term, mapping);
      return inner.kind === "call" && isEmptyCall(inner, rules) ? inner.operator : inner;
    },
    body: (body: Body): Body => body.map((expr) => withoutEmptyCall(mapExpr(expr, mapping), rules)),
  };
  const { head, body, elseRule } = rule;
  return {
    ...rule,
    head: {
      ...head,
      ref: head.ref.map(mapping.term),
      element: head.element && mapping.term(head.element),
      value: mapping.term(head.value),
    },
    body: mapping.body(body),
    elseRule: elseRule && withoutEmptyCalls(elseRule, rules),
  };
}

function withoutEmptyCall(expr: Expr, rules: RuleNames): Expr {
  if (expr.form !== "call" || !isEmptyCall(expr, rules)) return expr;
  const { operator: term, negated, with: withs, at } = expr;
  return { form: "term", term, negated, with: withs, at };
}

function isEmptyCall(call: { operator: RefTerm; args: CallExpr["args"] }, rules: RuleNames): boolean {
  return call.args.length === 0 && rules.has(operatorName(call.operator) ?? "");
}
