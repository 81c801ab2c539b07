import { termsOf } from "./map-terms.ts";
import type { Machine } from "./machine.ts";
import type { Body, Expr, Reference, Term } from "./terms.ts";
import { rootOf } from "./unknowns.ts";

/** What of the machine decides whether something depends on what is unknown. */
export type Knowledge = Pick<Machine, "bindings" | "saves" | "unknowns">;

/** True when the reference itself has to be saved: not when it reaches rules, which can be looked into. */
export function isReferenceSaved({ bindings, saves, unknowns }: Knowledge, ref: Reference): boolean {
  const root = rootOf(ref);
  if (root)
    return unknowns.reaches(
      root,
      ref.path.map((part) => bindings.plug(part)),
    );
  const head = bindings.walk(ref.head);
  return head.kind === "var" && saves.has(head.name);
}

/** True when a term's value depends on what is unknown, directly or through rules. */
export function isTermUnknown(knowledge: Knowledge, term: Term): boolean {
  const { bindings, saves, unknowns } = knowledge;
  const isUnknown = (inner: Term): boolean => isTermUnknown(knowledge, inner);
  switch (term.kind) {
    case "known":
      return false;
    case "var":
      return saves.isUnknown(term);
    case "ref": {
      const root = rootOf(term);
      const path = term.path.map((part) => bindings.plug(part));
      if (root ? unknowns.ofReference(root, path) : isUnknown(term.head)) return true;
      return path.some(isUnknown);
    }
    case "array":
    case "set":
      return term.items.some(isUnknown);
    case "object":
      return term.items.flat().some(isUnknown);
    case "call":
      return unknowns.ofFunction(term.operator) || term.args.some(isUnknown);
    default:
      return term.yields.some(isUnknown) || isBodyUnknown(knowledge, term.body);
  }
}

export function isBodyUnknown(knowledge: Knowledge, body: Body): boolean {
  return body.some((expr) => isExprUnknown(knowledge, expr));
}

export function isExprUnknown(knowledge: Knowledge, expr: Expr): boolean {
  if (termsOf(expr).some((term) => isTermUnknown(knowledge, term))) return true;
  if (
    expr.with.some(({ value }) => value.kind === "function" && knowledge.unknowns.ofFunction(value.operator))
  )
    return true;
  switch (expr.form) {
    case "term":
      return false;
    case "call":
      return knowledge.unknowns.ofFunction(expr.operator);
    default:
      return isBodyUnknown(knowledge, expr.body);
  }
}
