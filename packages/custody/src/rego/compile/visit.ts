import type { Body, Expr, RefTerm, Rule, Term } from "../syntax/index.ts";
import { mapExpr, mapInside } from "./map-terms.ts";

/** What to call for what is found; nothing is changed. */
export interface Visitor {
  readonly expr?: (expr: Expr) => void;
  readonly term?: (term: Term) => void;
}

/** Goes through a rule's expressions and terms, those inside of others too, each before what is in it. */
export function visitRule({ head, body, elseRule }: Rule, visitor: Visitor): void {
  const terms = [...(head.args ?? []), ...head.ref, ...(head.element ? [head.element] : []), head.value];
  for (const term of terms) visitTerm(term, visitor);
  visitBody(body, visitor);
  if (elseRule) visitRule(elseRule, visitor);
}

function visitBody(body: Body, visitor: Visitor): Body {
  for (const expr of body) visitExpr(expr, visitor);
  return body;
}

/** Goes through what maps an expression: every mapping gives back what it was given. */
export function visitExpr(expr: Expr, visitor: Visitor): void {
  visitor.expr?.(expr);
  mapExpr(expr, {
    term: (term) => visitTerm(term, visitor),
    body: (body) => visitBody(body, visitor),
  });
}

function visitTerm(term: Term, visitor: Visitor): Term {
  visitor.term?.(term);
  mapInside(term, {
    term: (inner) => visitTerm(inner, visitor),
    body: (body) => visitBody(body, visitor),
  });
  return term;
}

/** Every reference of a rule and of its `else`: in heads, bodies, and all that is inside of them. */
export function refsOfRule(rule: Rule): readonly RefTerm[] {
  const found: RefTerm[] = [];
  visitRule(rule, {
    expr: (expr) => {
      if (expr.form === "call") found.push(expr.operator);
    },
    term: (term) => {
      if (term.kind === "ref") found.push(term);
      if (term.kind === "call") found.push(term.operator);
    },
  });
  return found;
}
