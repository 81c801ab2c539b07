import type { CallExpr, Diagnostic, Expr, Rule, Term } from "../syntax/index.ts";
import { operatorName } from "./build.ts";
import type { Arity } from "./safety.ts";
import { closuresOf } from "./vars.ts";

/** Calls of functions that nobody defines, and calls with the wrong number of arguments. */
export function undefinedFunctions(rule: Rule, arity: Arity): Diagnostic[] {
  const own = rule.body.flatMap((expr) => undefinedIn(expr, arity));
  return rule.elseRule ? [...own, ...undefinedFunctions(rule.elseRule, arity)] : own;
}

/** The same for one expression and all that is inside of it. */
export function undefinedIn(expr: Expr, arity: Arity): Diagnostic[] {
  const inside = closuresOf(expr).flatMap(({ body }) => body.flatMap((inner) => undefinedIn(inner, arity)));
  return expr.form === "call" ? [...checkCall(expr, arity), ...inside] : inside;
}

function checkCall({ operator, args, at }: CallExpr, arity: Arity): Diagnostic[] {
  const name = operatorName(operator) ?? shownOperator(operator);
  const count = name === "assign" || name === "eq" ? 2 : arity(name);
  if (count === undefined) return [{ code: "rego_type_error", message: `undefined function ${name}`, at }];
  if (args.length === count || args.length === count + 1) return [];
  return [{ code: "rego_type_error", message: `${name}: arity mismatch`, at }];
}

function shownOperator({ head, path }: CallExpr["operator"]): string {
  return [head, ...path]
    .map((part: Term) =>
      part.kind === "scalar" ? (part.value as string) : part.kind === "var" ? part.name : part.kind,
    )
    .join(".");
}
