import { linkWideBuiltin } from "../runtime/index.ts";
import type { RuntimeNode } from "../runtime/index.ts";
import { nowhere } from "../syntax/index.ts";
import { isArray } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import type { Machine, Next } from "./machine.ts";
import type { Rules } from "./rules.ts";
import { isFalse, known } from "./terms.ts";
import type { CallExpr, Operator, Term } from "./terms.ts";

/** Calls functions and builtins whose operands are known; the others are saved, or their rules looked into. */
export class Calls {
  readonly #machine: Machine;
  readonly #rules: Rules;

  constructor(machine: Machine, rules: Rules) {
    this.#machine = machine;
    this.#rules = rules;
  }

  /** How many operands a function takes before its result; undefined for what is no function. */
  arityOf(operator: Operator): number | undefined {
    const name = operator.join(".");
    const node = this.#machine.tree.findFunction(name);
    if (node) return node.rules[0]?.rule.head.args?.length;
    return this.#machine.builtins.get(name)?.args.length;
  }

  call(expr: CallExpr, next: Next): void {
    const { bindings, unknowns, tree, saves } = this.#machine;
    const arity = this.arityOf(expr.operator) ?? expr.args.length;
    const operands = expr.args.slice(0, arity).map((arg) => bindings.plug(arg));
    const values = operands.flatMap((operand) => (operand.kind === "known" ? [operand.value] : []));
    const isKnown = values.length === operands.length && !unknowns.ofFunction(expr.operator);
    if (isKnown) return this.#answers(expr, arity, this.#value(expr.operator, values), next);
    const node = tree.findFunction(expr.operator.join("."));
    if (node) this.#rules.call(node, arity, expr, next);
    else saves.with(expr, expr.args.slice(arity), next);
  }

  #answers(expr: CallExpr, arity: number, value: RegoValue | undefined, next: Next): void {
    if (value === undefined) return;
    const isRelation = this.#machine.builtins.get(expr.operator.join("."))?.relation ?? false;
    const results = isRelation && isArray(value) ? value : [value];
    for (const result of results) this.#answer(expr.args[arity], known(result), expr, next);
  }

  #answer(output: Term | undefined, value: Term, { place }: CallExpr, next: Next): void {
    if (output) this.#machine.unify(output, value, place, next);
    else if (!isFalse(value)) next();
  }

  /** The value of a call, as the frame's `with` has it. */
  #value(operator: Operator, args: readonly RegoValue[]): RegoValue | undefined {
    const { frame } = this.#machine;
    const name = operator.join(".");
    const replacement = frame.functions.get(name);
    if (!replacement) return this.#own(name, args, frame);
    return "value" in replacement
      ? replacement.value
      : this.#own(replacement.by, args, frame.withoutFunctions());
  }

  #own(name: string, args: readonly RegoValue[], frame: Machine["frame"]): RegoValue | undefined {
    const { tree, nodes, builtins } = this.#machine;
    const node = tree.findFunction(name);
    if (node) return (nodes[node.id] as RuntimeNode).run?.(frame, ...args);
    const builtin = builtins.get(name);
    return builtin && linkWideBuiltin(builtin)(frame, nowhere, ...args);
  }
}
