import { mapInside, termsOf } from "./map-terms.ts";
import { sameTerm, sidesOf } from "./terms.ts";
import type { Body, Expr, Term } from "./terms.ts";

/** True when the body evaluates the term, or something within it, so that it has to be defined. */
export function mentions(body: Body, term: Term): boolean {
  return body.some((expr) => evaluated(expr).some((one) => holds(one, term)));
}

/** Terms that have to be defined: of a `with` its values, in a negation those that the compiler takes out of it. */
function evaluated(expr: Expr): readonly Term[] {
  if (expr.with.length > 0)
    return expr.with.flatMap(({ value }) => (value.kind === "function" ? [] : [value]));
  if (!expr.negated) return termsOf(expr);
  if (expr.form === "call" && !sidesOf(expr)) return expr.args;
  return termsOf(expr).flatMap((term) => (term.kind === "ref" ? term.path : [term]));
}

function holds(whole: Term, term: Term): boolean {
  if (whole.kind === "comprehension") return false;
  if (isAtOrBelow(whole, term)) return true;
  let found = false;
  mapInside(whole, {
    term: (inner) => {
      found ||= holds(inner, term);
      return inner;
    },
    body: (body) => body,
  });
  return found;
}

/** The same term, or a reference that goes on where it ends. */
function isAtOrBelow(whole: Term, term: Term): boolean {
  if (whole.kind !== "ref" || term.kind !== "ref") return sameTerm(whole, term);
  return (
    sameTerm(whole.head, term.head) &&
    whole.path.length >= term.path.length &&
    term.path.every((part, i) => sameTerm(part, whole.path[i] as Term))
  );
}
