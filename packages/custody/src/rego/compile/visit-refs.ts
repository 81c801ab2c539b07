import type { Body, Expr, RefTerm, Rule, Term } from "../syntax/index.ts";

/** Every reference of a rule, its `else` aside: in the head, the body, and all that is inside of it. */
export function* refsOfRule({ head, body }: Rule): Generator<RefTerm> {
  for (const term of [
    ...head.ref,
    ...(head.args ?? []),
    ...(head.element ? [head.element] : []),
    head.value,
  ]) {
    yield* refsOfTerm(term);
  }
  yield* refsOfBody(body);
}

function* refsOfBody(body: Body): Generator<RefTerm> {
  for (const expr of body) yield* refsOfExpr(expr);
}

function* refsOfExpr(expr: Expr): Generator<RefTerm> {
  for (const { value } of expr.with) yield* refsOfTerm(value);
  switch (expr.form) {
    case "term":
      yield* refsOfTerm(expr.term);
      break;
    case "call":
      yield* refsOfTerm(expr.operator);
      for (const arg of expr.args) yield* refsOfTerm(arg);
      break;
    case "every":
      yield* refsOfTerm(expr.domain);
      yield* refsOfBody(expr.body);
      break;
    case "not":
      yield* refsOfBody(expr.body);
      break;
    default:
  }
}

function* refsOfTerm(term: Term): Generator<RefTerm> {
  switch (term.kind) {
    case "ref":
      yield term;
      yield* refsOfTerm(term.head);
      for (const part of term.path) yield* refsOfTerm(part);
      break;
    case "array":
    case "set":
      for (const item of term.items) yield* refsOfTerm(item);
      break;
    case "object":
      for (const item of term.items.flat()) yield* refsOfTerm(item);
      break;
    case "call":
      yield* refsOfTerm(term.operator);
      for (const arg of term.args) yield* refsOfTerm(arg);
      break;
    case "array-comprehension":
    case "set-comprehension":
      yield* refsOfTerm(term.item);
      yield* refsOfBody(term.body);
      break;
    case "object-comprehension":
      yield* refsOfTerm(term.key);
      yield* refsOfTerm(term.value);
      yield* refsOfBody(term.body);
      break;
    default:
  }
}
