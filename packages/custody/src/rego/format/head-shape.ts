import type { Head, Rule, Term } from "../syntax/index.ts";
import { someNode } from "./items.ts";

/** What of a head is written, and how. */
export interface HeadShape {
  readonly ref: readonly Term[];
  readonly args: readonly Term[];
  /** The member of a set, or the key of an object. */
  readonly key: Term | undefined;
  /** Undefined for sets. */
  readonly value: Term | undefined;
  /** No value was written, and none may be shown: `f(x)`. */
  readonly hidesTrue: boolean;
}

export function shapeOf(rule: Rule): HeadShape {
  const { head } = rule;
  const { ref, args = [], element, value } = head;
  if (element) return { ref, args, key: element, value: undefined, hidesTrue: false };
  const [, second, ...more] = ref;
  const key = second && more.length === 0 && args.length === 0 && isKey(rule, second) ? second : undefined;
  return { ref, args, key, value, hidesTrue: hidesTrue(rule, ref.length === 2 && args.length === 0) };
}

function isKey({ head, isDefault }: Rule, term: Term): boolean {
  if (isDefault) return false;
  return !head.keywords.includes("if") || someNode(term, (one) => "kind" in one && one.kind === "var");
}

function hidesTrue({ head, generatedBody }: Rule, isPair: boolean): boolean {
  return head.generatedValue && (generatedBody || (isPair && head.keywords.includes("if")));
}

/** Only a reference can say this head: `a.b.c`, `a.b contains x`. */
export function needsRef({ ref, element }: Head): boolean {
  return ref.length > 2 || (ref.length === 2 && element !== undefined);
}

/** The body says no more than `true`. */
export function isConstant({ body, elseRule }: Rule): boolean {
  const [expr, ...more] = body;
  if (!expr || more.length > 0 || elseRule || expr.negated || expr.with.length > 0) return false;
  return expr.form === "term" && expr.term.kind === "scalar" && expr.term.value === true;
}
