import type { Builtin } from "../builtins/builtin.ts";
import type { TraceNode } from "../runtime/index.ts";
import { shownExpr } from "./shown-expr.ts";
import { nowhere } from "../syntax/index.ts";
import type { Body, Expr, Rule } from "../syntax/index.ts";
import { Block, constant, Registers } from "./block.ts";
import { indexComprehensions } from "./comprehension-index.ts";
import { BodyPlanner } from "./body-planner.ts";
import type { Watching } from "./body-planner.ts";
import { ownContext } from "./plan.ts";
import type { Clause, Definition, DefinitionKind, Operand, Plan, PlanNode, QueryPlan } from "./plan.ts";
import { constantPrefix } from "./rule-tree.ts";
import type { RuleTree, TreeNode } from "./rule-tree.ts";

export interface PlannedQuery {
  readonly body: Body;
  /** The variables whose values the answer holds: as they are called in the body, and as the user wrote them. */
  readonly variables: readonly (readonly [name: string, written: string])[];
  readonly text: string;
  /** The expressions that the user wrote, of those in the body. */
  readonly shown: ReadonlySet<Expr>;
}

/** The plan of a query over the rules of a tree. */
export function planAll(
  tree: RuleTree,
  builtins: ReadonlyMap<string, Builtin>,
  query: PlannedQuery & { readonly watched: Watching },
): Plan {
  const bodies = new BodyPlanner(tree, builtins, query.watched);
  const nodes = tree.nodes.map((node) => planNode(node, bodies));
  const planned = planQuery(query, bodies);
  const { replacedFunctions, replacedPaths } = bodies;
  return { nodes, query: planned, replacedFunctions, replacedPaths };
}

function planNode(node: TreeNode, bodies: BodyPlanner): PlanNode {
  const children = new Map([...node.children].map(([name, child]) => [name, child.id]));
  const definition = node.rules.length > 0 ? planDefinition(node, bodies) : undefined;
  return { id: node.id, path: node.path, children, definition };
}

function planDefinition(node: TreeNode, bodies: BodyPlanner): Definition {
  const rules = node.rules.map(({ rule }) => rule);
  const clauses = rules.filter((rule) => !rule.isDefault).map((rule) => planClause(rule, node.path, bodies));
  const fallback = rules.find((rule) => rule.isDefault);
  const arity = rules[0]?.head.args?.length ?? 0;
  return {
    kind: kindOfRules(node),
    name: node.name,
    arity,
    clauses,
    fallback: fallback && planClause(fallback, node.path, bodies),
  };
}

function kindOfRules(node: TreeNode): DefinitionKind {
  if (node.isFunction) return "function";
  const { rules } = node;
  if (rules.some(({ rule }) => constantPrefix(rule).length < rule.head.ref.length)) return "object";
  return rules.some(({ rule }) => rule.head.element) ? "set" : "complete";
}

function planClause(rule: Rule, path: readonly string[], bodies: BodyPlanner): Clause {
  const { head } = rule;
  const block = new Block(new Registers());
  const params = (head.args ?? []).map(() => block.fresh());
  const traced: TraceNode = { kind: "rule", rule, path };
  bodies.trace("enter", traced, { at: rule.at, block });
  for (const [i, arg] of (head.args ?? []).entries()) {
    bodies.match(arg, params[i]?.operand ?? constant(null), block, ownContext);
  }
  bodies.planBody(rule.body, block, ownContext);
  // The body that a rule without one has is gone where its value had to be worked out.
  if (rule.generatedBody) bodies.mark(rule.at, block);
  bodies.mark(head.at, block);
  const tail = head.ref.slice(constantPrefix(rule).length);
  const keys = tail.map((term) => bodies.planTerm(term, block, ownContext));
  const yields = bodies.planTerm(head.element ?? head.value, block, ownContext);
  bodies.trace("exit", traced, { at: rule.at, block });
  const registers = params.map(({ to }) => to);
  return {
    params: registers,
    path: keys,
    yields,
    isMember: head.element !== undefined,
    steps: bodies.isTraced ? block.steps : indexComprehensions(block.steps, registers),
    otherwise: rule.elseRule && planClause(rule.elseRule, path, bodies),
    at: rule.at,
  };
}

function planQuery(query: PlannedQuery, bodies: BodyPlanner): QueryPlan {
  const { body, variables, text, shown } = query;
  const block = new Block(new Registers());
  const place = { at: { ...nowhere, row: 1, col: 1 }, block };
  const traced: TraceNode = { kind: "body", body: body.map(shownExpr) };
  bodies.trace("enter", traced, place);
  const mustHold = body.length > 1 || body.some((expr) => iterates(expr, bodies));
  const expressions = body.flatMap((expr) => {
    const value = planShown(expr, block, { bodies, mustHold });
    return shown.has(expr) ? [{ text: text.slice(expr.at.offset, expr.at.end), at: expr.at, value }] : [];
  });
  const bindings = variables.flatMap(([name, written]) => {
    const operand = block.find(name);
    return operand ? [[written, operand] as const] : [];
  });
  bodies.trace("exit", traced, place);
  return { steps: block.steps, bindings, expressions };
}

/** An expression of a query: one that stands alone, and is false, is shown as false. */
function planShown(
  expr: Expr,
  block: Block,
  { bodies, mustHold }: { bodies: BodyPlanner; mustHold: boolean },
): Operand {
  const isShown = bodies.hasValue(expr);
  if (!isShown) {
    bodies.planExpr(expr, block, ownContext);
    return constant(true);
  }
  const traced: TraceNode = { kind: "expr", expr: shownExpr(expr) };
  bodies.trace("eval", traced, { at: expr.at, block });
  const value = bodies.planShown(expr, block) ?? constant(true);
  if (mustHold) block.add({ op: "holds", from: value });
  bodies.trace("held", traced, { at: expr.at, block });
  return value;
}

/** The expression may have several values, one after the other. */
function iterates(expr: Expr, bodies: BodyPlanner): boolean {
  if (expr.form === "call") return bodies.isRelation(expr);
  return (
    expr.form === "term" && expr.term.kind === "ref" && expr.term.path.some(({ kind }) => kind === "var")
  );
}
