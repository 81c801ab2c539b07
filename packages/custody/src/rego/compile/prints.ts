import { builtinRef } from "../syntax/index.ts";
import type { Body, CallExpr, Diagnostic, Expr, Head, Rule, Term } from "../syntax/index.ts";
import { equality, operatorName, trueExpr, varTerm } from "./build.ts";
import { mapExpr, mapInside } from "./map-terms.ts";
import { isGenerated } from "./names.ts";
import type { Names } from "./names.ts";
import type { SafetyCheck } from "./safety.ts";
import { addTermVars, varsOfExpr, varsOfTerm } from "./vars.ts";

type BodyMap = (body: Body, around: ReadonlySet<string>) => Body;

/** The rule without its calls of `print` (OPA's default): as if they had not been written. */
export function withoutPrints(rule: Rule): Rule {
  return inRule(rule, erased);
}

/** A query's body without its calls of `print`. */
export function erased(body: Body): Body {
  const kept = body.filter((expr) => !isPrint(expr)).map((expr) => inExpr(expr, erased, new Set()));
  const [first] = body;
  return kept.length === 0 && first ? [trueExpr(first.at)] : kept;
}

function isPrint(expr: Expr): expr is CallExpr {
  return expr.form === "call" && operatorName(expr.operator) === "print";
}

/**
 * Gives calls of `print` their meaning: each operand becomes the set of its values, so that one that is undefined is
 * printed as that, and does not undo the rule.
 */
export class PrintCalls {
  readonly #names: Names;
  readonly #safety: Pick<SafetyCheck, "boundBy">;
  readonly diagnostics: Diagnostic[] = [];

  constructor(names: Names, safety: Pick<SafetyCheck, "boundBy">) {
    this.#names = names;
    this.#safety = safety;
  }

  rule(rule: Rule): Rule {
    return inRule(rule, (body, around) => this.body(body, around));
  }

  /** A body in which the variables `around` are bound. */
  body(body: Body, around: ReadonlySet<string>): Body {
    return body.map((expr, i) => {
      const bound = new Set([...around, ...this.#safety.boundBy(body.slice(0, i), around)]);
      if (isPrint(expr)) return this.#captured(expr, bound);
      return inExpr(expr, (inner, outer) => this.body(inner, outer), bound);
    });
  }

  #captured(expr: CallExpr, bound: ReadonlySet<string>): Expr {
    for (const arg of expr.args) this.#refuseUndeclared(arg, bound);
    const items = expr.args.map((arg): Term => {
      const item = varTerm(this.#names.generate(), arg.at);
      return { kind: "set-comprehension", item, body: [equality(item, arg)], at: arg.at };
    });
    const list: Term = { kind: "array", items, at: expr.at };
    // What stood before or behind the call goes, in OPA too: it would print nothing else.
    const operator = builtinRef("internal.print", expr.at);
    return { form: "call", operator, args: [list], negated: false, with: [], at: expr.at };
  }

  #refuseUndeclared(arg: Term, bound: ReadonlySet<string>): void {
    for (const name of [...varsOfTerm(arg, { skipClosures: true })].toSorted()) {
      const isWildcard = name.startsWith("$");
      if (bound.has(name) || (isGenerated(name) && !isWildcard)) continue;
      const message = `var ${isWildcard ? "_" : this.#names.original(name)} is undeclared`;
      this.diagnostics.push({ code: "rego_compile_error", message, at: arg.at });
    }
  }
}

function inRule(rule: Rule, map: BodyMap): Rule {
  const bound = new Set<string>();
  for (const arg of rule.head.args ?? []) addTermVars(arg, {}, bound);
  return {
    ...rule,
    head: inHead(rule.head, map, bound),
    body: map(rule.body, bound),
    elseRule: rule.elseRule && inRule(rule.elseRule, map),
  };
}

function inHead(head: Head, map: BodyMap, around: ReadonlySet<string>): Head {
  const term = (inner: Term): Term => inTerm(inner, map, around);
  return { ...head, element: head.element && term(head.element), value: term(head.value) };
}

function inExpr(expr: Expr, map: BodyMap, around: ReadonlySet<string>): Expr {
  const bound = expr.form === "every" ? new Set([...around, ...everyVars(expr)]) : around;
  return mapExpr(expr, {
    term: (term) => inTerm(term, map, around),
    body: (body) => map(body, bound),
  });
}

function everyVars(expr: Expr & { form: "every" }): readonly string[] {
  const { key, value } = expr;
  return [...(key ? [key.name] : []), value.name, ...varsOfExpr(expr, { skipClosures: true })];
}

function inTerm(term: Term, map: BodyMap, around: ReadonlySet<string>): Term {
  return mapInside(term, {
    term: (inner) => inTerm(inner, map, around),
    body: (body) => map(body, around),
  });
}
