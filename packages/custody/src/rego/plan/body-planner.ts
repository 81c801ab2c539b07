import { isEquality, operatorName } from "../compile/build.ts";
import { sameTerm } from "../compile/unify-safety.ts";
import { RegoFault } from "../faults.ts";
import { nowhere } from "../syntax/index.ts";
import type { Body, CallExpr, EveryExpr, Expr, Location, Term, With } from "../syntax/index.ts";
import type { TraceNode, TracePoint } from "../runtime/index.ts";
import type { Builtin } from "../builtins/builtin.ts";
import { constant } from "./block.ts";
import type { Block } from "./block.ts";
import { ownContext } from "./plan.ts";
import type { ContextRegister, Operand, Replacement } from "./plan.ts";
import type { RuleTree } from "./rule-tree.ts";
import { TermPlanner } from "./term-planner.ts";

type Pair = readonly [Term, Term];

/** Whether an evaluation says which expression it has come to, or all that happens. */
export type Watching = "followed" | "traced" | "unwatched";

interface TracedPlace {
  readonly at: Location;
  readonly block: Block;
  readonly message?: Operand;
}

/** Plans expressions in the order that the safety check gave them. */
export class BodyPlanner extends TermPlanner {
  readonly #builtins: ReadonlyMap<string, Builtin>;
  readonly #watched: Watching;
  readonly replacedFunctions = new Set<string>();
  readonly replacedPaths: (readonly string[])[] = [];

  constructor(tree: RuleTree, builtins: ReadonlyMap<string, Builtin>, watched: Watching) {
    super(tree);
    this.#builtins = builtins;
    this.#watched = watched;
  }

  get isTraced(): boolean {
    return this.#watched === "traced";
  }

  /** In a traced evaluation: a step that passes a point. */
  trace(point: TracePoint, node: TraceNode, { at, block, message }: TracedPlace): void {
    if (this.isTraced) block.add({ op: "trace", point, node, at, locals: block.locals, message });
  }

  /** In a followed evaluation: a step that says where it is. */
  mark(at: Location, block: Block): void {
    if (this.#watched === "followed") block.add({ op: "mark", at });
  }

  planBody(body: Body, block: Block, context: ContextRegister): void {
    for (const expr of body) this.planExpr(expr, block, context);
  }

  /** A body of its own: that of a comprehension, of `not`, of `every`. */
  override planInner(body: Body, block: Block, context: ContextRegister): void {
    const [first] = body;
    const place = { at: first?.at ?? nowhere, block };
    this.trace("enter", { kind: "body", body }, place);
    this.planBody(body, block, context);
  }

  /** What stands at the end of a body of its own, past what it yields. */
  override endInner(body: Body, block: Block): void {
    this.trace("exit", { kind: "body", body }, { at: body[0]?.at ?? nowhere, block });
  }

  planExpr(expr: Expr, block: Block, context: ContextRegister): void {
    this.mark(expr.at, block);
    this.trace("eval", { kind: "expr", expr }, { at: expr.at, block });
    this.#planUntraced(expr, block, context);
    this.trace("held", { kind: "expr", expr }, { at: expr.at, block });
  }

  #planUntraced(expr: Expr, block: Block, context: ContextRegister): void {
    const inside = expr.with.length > 0 ? this.#with(expr.with, block, context) : context;
    if (expr.negated) this.#negated(expr, block, inside);
    else this.#plain(expr, block, inside);
  }

  /** The expression has a value of its own to show. */
  hasValue(expr: Expr): boolean {
    if (expr.negated || (expr.form !== "term" && expr.form !== "call")) return false;
    return expr.form === "term" || (!isEquality(expr) && this.#hasNoOutput(expr));
  }

  /** The value of an expression of a query; undefined for one that has none to show, which is not planned yet. */
  planShown(expr: Expr, block: Block): Operand | undefined {
    if (!this.hasValue(expr) || (expr.form !== "term" && expr.form !== "call")) return undefined;
    const inside = expr.with.length > 0 ? this.#with(expr.with, block, ownContext) : ownContext;
    if (expr.form === "call") return this.callValue(expr, block, inside);
    return this.planTerm(expr.term, block, inside);
  }

  #hasNoOutput({ operator, args }: CallExpr): boolean {
    return (this.arityOf(operatorName(operator) ?? "") ?? args.length) >= args.length;
  }

  /** The call has one value after the other. */
  isRelation({ operator }: CallExpr): boolean {
    return this.#builtins.get(operatorName(operator) ?? "")?.relation ?? false;
  }

  #negated(expr: Expr, block: Block, context: ContextRegister): void {
    const inner = block.inner();
    const positive = { ...expr, negated: false, with: [] };
    if (this.isTraced) {
      this.planInner([positive], inner, context);
      this.endInner([positive], inner);
    } else this.#plain(expr, inner, context);
    block.add({ op: "not", body: inner.steps });
  }

  #plain(expr: Expr, block: Block, context: ContextRegister): void {
    switch (expr.form) {
      case "term":
        block.add({ op: "holds", from: this.planTerm(expr.term, block, context) });
        break;
      case "call":
        this.#call(expr, block, context);
        break;
      case "every":
        this.#every(expr, block, context);
        break;
      case "not": {
        const inner = block.inner();
        this.planInner(expr.body, inner, context);
        this.endInner(expr.body, inner);
        block.add({ op: "not", body: inner.steps });
        break;
      }
      default:
        throw new RegoFault("rego/internal", `${expr.form} was not rewritten`);
    }
  }

  #every({ domain, key, value, body }: EveryExpr, block: Block, context: ContextRegister): void {
    const from = this.planTerm(domain, block, context);
    const inner = block.inner();
    const [keyPlace, valuePlace] = [key && block.fresh(), block.fresh()];
    if (key && keyPlace) inner.bind(key.name, keyPlace.operand);
    inner.bind(value.name, valuePlace.operand);
    this.planInner(body, inner, context);
    this.endInner(body, inner);
    block.add({ op: "every", from, key: keyPlace?.to, value: valuePlace.to, body: inner.steps });
  }

  #call(expr: CallExpr, block: Block, context: ContextRegister): void {
    if (isEquality(expr)) {
      this.#unify(expr.args[0] as Term, expr.args[1] as Term, block, context);
      return;
    }
    const name = operatorName(expr.operator) ?? "";
    if (name === "internal.member_2" && expr.args.length === 2)
      return this.#member(expr.args, block, context);
    const arity = this.arityOf(name) ?? expr.args.length;
    const result = this.callValue({ ...expr, args: expr.args.slice(0, arity) }, block, context);
    const output = expr.args[arity];
    if (output) this.match(output, result, block, context);
    else block.add({ op: "holds", from: result });
  }

  #member(args: readonly Term[], block: Block, context: ContextRegister): void {
    const [member, of] = args.map((arg) => this.planTerm(arg, block, context)) as [Operand, Operand];
    block.add({ op: "isMember", member, of });
  }

  /** The value of a call without its output operand. */
  callValue({ operator, args, at }: CallExpr, block: Block, context: ContextRegister): Operand {
    const name = operatorName(operator) ?? "";
    const operands = args.map((arg) => this.planTerm(arg, block, context));
    const { to, operand } = block.fresh();
    const node = this.tree.findFunction(name);
    if (node) block.add({ op: "invoke", to, context, node: node.id, args: operands, at });
    else block.add({ op: "call", to, context, builtin: name, args: operands, at });
    const [note] = operands;
    if (name === "trace" && note) {
      const call: Expr = { form: "call", operator, args, negated: false, with: [], at };
      this.trace("note", { kind: "expr", expr: call }, { at, block, message: note });
    }
    if (!this.#builtins.get(name)?.relation || node) return operand;
    const each = block.fresh();
    block.add({ op: "scan", from: operand, key: undefined, value: each.to });
    return each.operand;
  }

  /** How many operands a function takes before its output. */
  arityOf(name: string): number | undefined {
    const node = this.tree.findFunction(name);
    if (node) return node.rules[0]?.rule.head.args?.length;
    return this.#builtins.get(name)?.args.length;
  }

  #unify(a: Term, b: Term, block: Block, context: ContextRegister): void {
    let pairs: readonly Pair[] = [[a, b]];
    while (pairs.length > 0) {
      const left = pairs.flatMap((pair) => this.#unifyPair(pair, block, context));
      if (left.length === pairs.length && left.every((pair, i) => pair === pairs[i])) {
        throw new RegoFault("rego/internal", "an equality binds nothing");
      }
      pairs = left;
    }
  }

  /** What is left to unify of a pair: nothing, its parts, or the pair itself when it has to wait for others. */
  #unifyPair(pair: Pair, block: Block, context: ContextRegister): readonly Pair[] {
    const [a, b] = pair;
    if (isValue(b) || (this.isBound(b, block) && !isValue(a))) {
      this.match2(a, b, block, context);
      return [];
    }
    if (isValue(a) || this.isBound(a, block)) {
      this.match2(b, a, block, context);
      return [];
    }
    if (a.kind === "var" || b.kind === "var") return [pair];
    if (a.kind === "array" && b.kind === "array" && a.items.length === b.items.length) {
      return a.items.map((item, i): Pair => [item, b.items[i] as Term]);
    }
    if (a.kind === "object" && b.kind === "object" && a.items.length === b.items.length) {
      return this.#objectPairs(a, b, block);
    }
    return this.#never(pair, block, context);
  }

  /** Matches a pattern with the value of a term; of two references the left one is evaluated first. */
  match2(pattern: Term, term: Term, block: Block, context: ContextRegister): void {
    if (!isValue(pattern)) return this.match(pattern, this.planTerm(term, block, context), block, context);
    const first = this.planTerm(pattern, block, context);
    const second = this.planTerm(term, block, context);
    block.add({ op: "equal", a: first, b: second });
  }

  #objectPairs(a: Term & { kind: "object" }, b: Term & { kind: "object" }, block: Block): readonly Pair[] {
    const pairs = a.items.map(([key, value]): Pair | undefined => {
      const other = b.items.find(([one]) => sameTerm(one, key));
      return other && [value, other[1]];
    });
    if (pairs.every((pair) => pair !== undefined)) return pairs;
    return this.#never([a, b], block, 0);
  }

  /** Two patterns that no value fits. */
  #never(pair: Pair, block: Block, context: ContextRegister): readonly Pair[] {
    block.add({ op: "fail" });
    for (const term of pair) this.#bindNames(term, block, context);
    return [];
  }

  #bindNames(term: Term, block: Block, context: ContextRegister): void {
    if (term.kind === "var" && !block.find(term.name)) block.bind(term.name, constant(null));
    const parts = term.kind === "array" ? term.items : term.kind === "object" ? term.items.flat() : [];
    for (const part of parts) this.#bindNames(part, block, context);
  }

  #with(withs: readonly With[], block: Block, context: ContextRegister): ContextRegister {
    const replacements = withs.map((one) => this.#replacement(one, block, context));
    const { to } = block.fresh();
    block.add({ op: "with", to, from: context, replacements });
    return to;
  }

  #replacement({ target, value }: With, block: Block, context: ContextRegister): Replacement {
    const name =
      target.kind === "ref" ? operatorName(target) : target.kind === "var" ? target.name : undefined;
    const [root, ...path] = pathOf(target);
    if (root === "input") return { what: "input", path, value: this.planTerm(value, block, context) };
    if (name !== undefined && this.arityOf(name) !== undefined) {
      this.replacedFunctions.add(name);
      const by = value.kind === "ref" ? operatorName(value) : value.kind === "var" ? value.name : undefined;
      if (by !== undefined && this.arityOf(by) !== undefined) return { what: "function", name, by };
      return { what: "value", name, value: this.planTerm(value, block, context) };
    }
    this.replacedPaths.push(path);
    return { what: "data", path, value: this.planTerm(value, block, context) };
  }
}

/** Terms that are evaluated, and never taken apart. */
function isValue({ kind }: Term): boolean {
  return kind === "ref" || kind.endsWith("comprehension");
}

function pathOf(target: Term): readonly string[] {
  if (target.kind === "var") return [target.name];
  if (target.kind !== "ref" || target.head.kind !== "var") return [];
  return [
    target.head.name,
    ...target.path.map((part) => (part.kind === "scalar" ? (part.value as string) : "")),
  ];
}
