import type { Body, Expr, Term } from "../syntax/index.ts";
import { operatorName } from "./build.ts";

/** The names that a body declares itself, by `:=` or `some`; those of bodies inside of it are their own. */
export function declaredIn(body: Body): Set<string> {
  return new Set(body.flatMap(declaredBy));
}

function declaredBy(expr: Expr): readonly string[] {
  switch (expr.form) {
    case "some":
      return expr.symbols.map(({ name }) => name);
    case "some-in":
      return [...(expr.key ? namesIn(expr.key) : []), ...namesIn(expr.value)];
    case "call":
      return operatorName(expr.operator) === "assign" && expr.args.length === 2
        ? namesIn(expr.args[0] as Term)
        : [];
    default:
      return [];
  }
}

/** The variables of a pattern, those it only refers to aside. */
export function namesIn(term: Term): readonly string[] {
  switch (term.kind) {
    case "var":
      return [term.name];
    case "array":
    case "set":
      return term.items.flatMap(namesIn);
    case "object":
      return term.items.flatMap(([, value]) => namesIn(value));
    default:
      return [];
  }
}
