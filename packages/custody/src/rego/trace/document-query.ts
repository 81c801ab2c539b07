import { shownExpr } from "../plan/shown-expr.ts";
import type { Tracer } from "../runtime/index.ts";
import { nowhere } from "../syntax/index.ts";
import type { Expr, Term } from "../syntax/index.ts";
import type { RegoValue } from "../values/index.ts";

const at = { ...nowhere, row: 1, col: 1 };

/** Finds a document, and passes the points that a query for it would. */
export function tracedQuery(
  tracer: Tracer,
  path: readonly string[],
  find: () => RegoValue | undefined,
): RegoValue | undefined {
  const expr = documentExpr(path);
  const [query, one] = [{ kind: "body", body: [expr] } as const, { kind: "expr", expr } as const];
  const see = (): { locals: []; message: string } => ({ locals: [], message: "" });
  let found: RegoValue | undefined;
  const end = (): boolean => tracer.pass({ point: "exit", node: query, at }, see, () => false);
  const work = (): boolean => {
    found = find();
    return found !== undefined && tracer.pass({ point: "held", node: one, at }, see, end);
  };
  const evaluate = (): boolean => tracer.pass({ point: "eval", node: one, at }, see, work);
  tracer.pass({ point: "enter", node: query, at }, see, evaluate);
  return found;
}

function documentExpr(path: readonly string[]): Expr {
  const head: Term = { kind: "var", name: "data", at };
  const names = path.map((value): Term => ({ kind: "scalar", value, at }));
  const term: Term = names.length === 0 ? head : { kind: "ref", head, path: names, at };
  return shownExpr({ form: "term", term, negated: false, with: [], at });
}
