import type { Body, CallExpr, Diagnostic } from "../syntax/index.ts";
import { operatorName } from "./build.ts";
import { visitExpr } from "./visit.ts";

/** Calls of builtins that a query may not make itself. */
export function unsafeCalls(body: Body, unsafe: ReadonlySet<string>): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const look = ({ operator, at }: Pick<CallExpr, "operator" | "at">): void => {
    const name = operatorName(operator) ?? "";
    const message = `unsafe built-in function calls in expression: ${name}`;
    if (unsafe.has(name)) found.push({ code: "rego_type_error", message, at });
  };
  for (const expr of body) {
    visitExpr(expr, {
      expr: (inner) => inner.form === "call" && look(inner),
      term: (inner) => inner.kind === "call" && look(inner),
    });
  }
  return found;
}
