import { makeFrame, withinEvaluation } from "../documents.ts";
import type { EvaluateOptions } from "../documents.ts";
import type { Policy, PrepareOptions } from "../engine.ts";
import type { RegoValue } from "../values/index.ts";
import { withinStack } from "../values/stack.ts";
import { Evaluator } from "./evaluator.ts";
import { isQueryVariable } from "./instantiate.ts";
import { addExprVariables } from "./map-terms.ts";
import { equality, termExpr, variable } from "./terms.ts";
import type { Body, Expr } from "./terms.ts";
import type { DocumentPath } from "./unknowns.ts";
import { Unknowns } from "./unknowns.ts";
import { writeResidual } from "./residual.ts";
import type { Residual } from "./residual.ts";

export interface PartialOptions
  extends
    Pick<EvaluateOptions, "data" | "host" | "limits" | "strictBuiltinErrors">,
    Pick<PrepareOptions, "package" | "imports" | "unsafeBuiltins"> {
  /** What is not known yet: `["input"]`, `["data", "users"]`. Default: the input. */
  readonly unknowns?: readonly DocumentPath[];
  /** Documents that the result refers to, instead of having them worked out. */
  readonly disableInlining?: readonly DocumentPath[];
  /** The result refers to every rule that depends on what is unknown. */
  readonly shallowInlining?: boolean;
  /** Builtins whose answers change from one evaluation to the next are called all the same. */
  readonly nondeterministicBuiltins?: boolean;
}

/**
 * Evaluates a query as far as it is known. What the residual answers when the rest is known, with the policy's modules
 * and its own, is what the query would have answered; only that rules which contradict each other may go unnoticed.
 *
 * @param input what is known of the input.
 * @throws EvaluationError, and RegoFault `rego/limit` for a result that is too long.
 */
export function evaluatePartially(
  policy: Policy,
  query: string,
  input: RegoValue | undefined,
  options: PartialOptions = {},
): Residual {
  const { compiled, body, program } = policy.open(query, options);
  const { builtins, tree } = compiled;
  const {
    unknowns = [["input"]],
    disableInlining: disabled = [],
    nondeterministicBuiltins = false,
  } = options;
  const isLeft = (name: string): boolean =>
    !nondeterministicBuiltins && builtins.get(name)?.nondeterministic === true;
  const evaluator = new Evaluator({
    tree,
    builtins,
    nodes: program.nodes,
    frame: makeFrame(input, options, new Map()),
    unknowns: new Unknowns({ tree, unknowns, disabled, isLeft }),
    isShallow: options.shallowInlining ?? false,
  });
  const solutions = withinEvaluation(() => solve(evaluator, evaluator.instantiation.query(body)));
  const { frame, support } = evaluator;
  const spend = (steps: number): void => frame.evaluation.spend(steps);
  return withinStack("the result", () =>
    writeResidual({ compiled, solutions, packages: [...support.packages.values()], spend }),
  );
}

/** What is left of a query in each of the ways in which it can hold. */
function solve(evaluator: Evaluator, query: Body): readonly Body[] {
  const found = new Set<string>();
  for (const expr of query) addExprVariables(expr, { skipBodies: true }, found);
  const live = new Set([...found].filter(isQueryVariable));
  const solutions: Body[] = [];
  evaluator.body(query.flatMap(captured), () => {
    const bound = [...live].toSorted().flatMap((name) => boundTo(evaluator, name));
    const body = [...evaluator.saves.take(), ...bound];
    solutions.push(evaluator.simplified(body, live));
  });
  return solutions;
}

/** What the query's own variable is bound to: whoever evaluates the result wants to see it. */
function boundTo(evaluator: Evaluator, name: string): Body {
  const own = variable(name);
  const value = evaluator.bindings.plug(own);
  return value.kind === "var" && value.name === name ? [] : [equality(own, value, { query: 0, index: 0 })];
}

/** An expression of a query shows its value, also where that is false: it gets a variable. */
function captured(expr: Expr): Body {
  if (expr.negated || expr.form !== "term") return [expr];
  const value = variable(`_term_0_${expr.place.index}`);
  return [{ ...equality(expr.term, value, expr.place), with: expr.with }, termExpr(value, expr.place)];
}
