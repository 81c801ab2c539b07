import { builtinRef } from "../syntax/index.ts";
import type { Body, CallExpr, Expr, Rule, Term } from "../syntax/index.ts";
import { equality, isEquality, operatorName, varTerm } from "./build.ts";
import type { Names } from "./names.ts";

/**
 * Takes references and comprehensions out of calls and composite terms: each is bound to a variable just before, in
 * the order of the text (OPA's `RewriteDynamicTerms`). A lone reference, and one side of an equality, stay.
 */
export class DynamicTerms {
  readonly #names: Names;
  readonly #inRules: boolean;

  /** In rules, and not in queries, `a == b` is `a = b`: all of its variables are bound by now. */
  constructor(names: Names, where: "rules" | "query") {
    this.#names = names;
    this.#inRules = where === "rules";
  }

  rule(rule: Rule): Rule {
    return { ...rule, body: this.body(rule.body), elseRule: rule.elseRule && this.rule(rule.elseRule) };
  }

  body(body: Body): Body {
    return body.flatMap((expr) => this.#expr(expr));
  }

  #expr(expr: Expr): readonly Expr[] {
    const before: Expr[] = [];
    const rewritten = this.#rewritten(expr, before);
    return [...before, rewritten];
  }

  #rewritten(expr: Expr, before: Expr[]): Expr {
    switch (expr.form) {
      case "term":
        return { ...expr, term: this.#atTop(expr.term, expr, before) };
      case "call": {
        const call = this.#inRules ? asUnification(expr) : expr;
        return { ...call, args: call.args.map((arg) => this.#operand(arg, call, before)) };
      }
      case "every":
        return { ...expr, domain: this.#inside(expr.domain, expr, before), body: this.body(expr.body) };
      case "not":
        return { ...expr, body: this.body(expr.body) };
      default:
        return expr;
    }
  }

  #operand(arg: Term, expr: CallExpr, before: Expr[]): Term {
    return isEquality(expr) ? this.#atTop(arg, expr, before) : this.#inside(arg, expr, before);
  }

  /** Where a reference or a comprehension may stand as it is. */
  #atTop(term: Term, expr: Expr, before: Expr[]): Term {
    switch (term.kind) {
      case "ref":
        return { ...term, path: term.path.map((part) => this.#inside(part, expr, before)) };
      case "array-comprehension":
      case "set-comprehension":
      case "object-comprehension":
        return { ...term, body: this.body(term.body) };
      default:
        return this.#inside(term, expr, before);
    }
  }

  #inside(term: Term, expr: Expr, before: Expr[]): Term {
    const inside = (inner: Term): Term => this.#inside(inner, expr, before);
    switch (term.kind) {
      case "ref":
      case "array-comprehension":
      case "set-comprehension":
      case "object-comprehension":
        return this.#bound(this.#atTop(term, expr, before), expr, before);
      case "array":
      case "set":
        return { ...term, items: term.items.map(inside) };
      case "object":
        return { ...term, items: term.items.map(([key, value]) => [inside(key), inside(value)]) };
      default:
        return term;
    }
  }

  #bound(term: Term, { with: withs }: Expr, before: Expr[]): Term {
    const local = varTerm(this.#names.generate(), term.at);
    before.push(equality(local, term, withs));
    return local;
  }
}

function asUnification(expr: CallExpr): CallExpr {
  const isEqual = operatorName(expr.operator) === "equal" && expr.args.length === 2;
  return isEqual ? { ...expr, operator: builtinRef("eq", expr.operator.at) } : expr;
}
