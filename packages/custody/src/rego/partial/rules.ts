import { constantPrefix } from "../plan/rule-tree.ts";
import type { PlacedRule, TreeNode } from "../plan/rule-tree.ts";
import { objectOf, RegoSet } from "../values/index.ts";
import type { Machine, Next } from "./machine.ts";
import type { InRules, References, Wanted } from "./references.ts";
import { supportPath } from "./support.ts";
import type { SupportRule } from "./support.ts";
import { isTested, known, pathRef, sameTerm } from "./terms.ts";
import type { CallExpr, Instance, Term } from "./terms.ts";
import { addVariables } from "./map-terms.ts";

/** Puts the bodies of rules that depend on what is unknown in the place of references and calls. */
export class Rules {
  readonly #machine: Machine;
  readonly #references: () => References;

  constructor(machine: Machine, references: () => References) {
    this.#machine = machine;
    this.#references = references;
  }

  /** A reference that has come to a node with rules. */
  readonly find: InRules = (node, depth, wanted, next) => {
    if (node.isFunction) return;
    const rules = rulesBelow(node);
    // The branches of an `else` exclude each other: they stay together, where they are.
    if (rules.some(({ rule }) => rule.elseRule)) return this.#references().save(wanted, next);
    if (rules.every((placed) => isComplete(placed, node))) this.#complete(node, depth, wanted, next);
    else this.#partial(node, depth, wanted, next);
  };

  #complete(node: TreeNode, depth: number, wanted: Wanted, next: Next): void {
    const rules = node.rules.filter(({ rule }) => !rule.isDefault);
    if (this.#needsDefault(node, depth, wanted) || this.#isKept(node)) {
      return this.#referToSupport(node, depth, wanted, next);
    }
    for (const placed of rules) {
      const instance = this.#instance(placed, node);
      const path = wanted.path.slice(depth);
      this.#machine.body(instance.body, () =>
        this.#references().inside(instance.yields, { ...wanted, path }, next),
      );
    }
  }

  /** True when the default could be the answer: a test, and a comparison with another value, never see it. */
  #needsDefault(node: TreeNode, depth: number, { path, result }: Wanted): boolean {
    const fallback = node.rules.find(({ rule }) => rule.isDefault);
    if (!fallback) return false;
    const value = this.#machine.bindings.plug(this.#instance(fallback, node).yields);
    if (sameTerm(value, known(false)) && isTested(result) && path.length === depth) return false;
    const wanted = this.#machine.bindings.plug(result);
    return path.length > depth || wanted.kind !== "known" || sameTerm(wanted, value);
  }

  #isKept(node: TreeNode): boolean {
    return this.#machine.isShallow || this.#machine.unknowns.isNodeDisabled(node);
  }

  #instance({ module, rule }: PlacedRule, node: TreeNode): Instance {
    return this.#machine.instantiation.rule(rule, node.path.length - module.package.length);
  }

  #partial(node: TreeNode, depth: number, wanted: Wanted, next: Next): void {
    const rules = rulesBelow(node).map((placed) => this.#instance(placed, node));
    const rest = wanted.path.slice(depth);
    const deepest = Math.max(...rules.map((rule) => keysOf(rule).length));
    if (rest.length < deepest || this.#isKept(node)) return this.#referToSupport(node, depth, wanted, next);
    const isKeyUnknown = rest.slice(0, deepest).some((part) => this.#machine.saves.isUnknown(part));
    for (const rule of rules) this.#member(rule, isKeyUnknown, { ...wanted, path: rest }, next);
  }

  /** What one rule says about a key. A key that is unknown is compared with what the body makes of the rule's. */
  #member(rule: Instance, isKeyUnknown: boolean, wanted: Wanted, next: Next): void {
    const keys = keysOf(rule);
    const pairs = keys.map((key, i) => [wanted.path[i] as Term, key] as const);
    const equal = (then: Next): void => this.#references().each(pairs, wanted.place, then);
    const body = (then: Next): void => this.#machine.body(rule.body, then);
    const path = wanted.path.slice(keys.length);
    const found = (): void => this.#references().inside(rule.yields, { ...wanted, path }, next);
    if (isKeyUnknown) body(() => equal(found));
    else equal(() => body(found));
  }

  #referToSupport(node: TreeNode, depth: number, { path, result, place }: Wanted, next: Next): void {
    const rules = rulesBelow(node);
    const isDefined = this.#machine.support.has(node, () => this.#support(rules));
    const names = supportPath([]).slice(1).map(known);
    if (isDefined) {
      const ref = pathRef(["data"], [...names, ...path]);
      return this.#machine.saveEquality(ref, result, place, next);
    }
    if (path.length > depth || rules.every((placed) => isComplete(placed, node))) return;
    const isSet = rules.every(
      ({ rule }) => rule.head.element && constantPrefix(rule).length === rule.head.ref.length,
    );
    this.#machine.unify(known(isSet ? new RegoSet() : objectOf([])), result, place, next);
  }

  /** Makes support rules of the rules at a node; false when none of them can ever hold. */
  #support(rules: readonly PlacedRule[]): boolean {
    let isDefined = false;
    for (const placed of rules) {
      const instance = this.#machine.instantiation.rule(placed.rule, 1);
      const { saves, support } = this.#machine;
      saves.apart((taken) =>
        this.#machine.body(instance.body, () => {
          isDefined = true;
          support.add(supportPath(placed.module.package), this.#supportRule(placed, instance, taken()));
        }),
      );
    }
    return isDefined;
  }

  #supportRule({ rule }: PlacedRule, instance: Instance, body: SupportRule["body"]): SupportRule {
    const { bindings } = this.#machine;
    const [name] = rule.head.ref;
    const path = instance.tail.map((part) => bindings.plug(part));
    const yields = bindings.plug(instance.yields);
    const args = instance.args.map((arg) => bindings.plug(arg));
    const live = new Set<string>();
    for (const term of [...args, ...path, yields]) addVariables(term, {}, live);
    return {
      isDefault: rule.isDefault,
      name: name?.kind === "var" ? name.name : "",
      path,
      args: rule.head.args && args,
      yields,
      isMember: instance.isMember,
      body: this.#machine.simplified(body, live),
    };
  }

  /**
   * A call of a function of which the body or an operand depends on what is unknown.
   *
   * @param arity how many operands it takes; one more is its result.
   */
  call(node: TreeNode, arity: number, expr: CallExpr, next: Next): void {
    const rules = node.rules;
    const output = expr.args.slice(arity);
    if (rules.some(({ rule }) => rule.elseRule)) return this.#machine.saves.with(expr, output, next);
    if (this.#isKept(node) || this.#needsDefaultOfCall(node, output)) {
      return this.#callSupport(node, expr, output, next);
    }
    for (const placed of rules.filter(({ rule }) => !rule.isDefault)) {
      const instance = this.#instance(placed, node);
      const pairs = instance.args.map((arg, i) => [expr.args[i] as Term, arg] as const);
      this.#references().each(pairs, expr.place, () =>
        this.#machine.body(instance.body, () => this.#returned(instance, output[0], expr, next)),
      );
    }
  }

  #needsDefaultOfCall(node: TreeNode, output: readonly Term[]): boolean {
    const fallback = node.rules.find(({ rule }) => rule.isDefault);
    if (!fallback) return false;
    const { value } = fallback.rule.head;
    return output.length > 0 || !(value.kind === "scalar" && value.value === false);
  }

  #returned({ yields }: Instance, output: Term | undefined, { place }: CallExpr, next: Next): void {
    if (output) return this.#machine.unify(output, yields, place, next);
    this.#machine.test(yields, place, next);
  }

  #callSupport(node: TreeNode, expr: CallExpr, output: readonly Term[], next: Next): void {
    const isDefined = this.#machine.support.has(node, () => this.#functionSupport(node));
    if (!isDefined) return;
    const operator = supportPath(expr.operator.slice(1));
    this.#machine.saves.with({ ...expr, operator }, output, next);
  }

  /** The function with its arguments unknown. */
  #functionSupport(node: TreeNode): boolean {
    const { saves, support } = this.#machine;
    let isDefined = false;
    for (const placed of node.rules) {
      const instance = this.#machine.instantiation.rule(placed.rule, 1);
      const args = new Set<string>();
      for (const arg of instance.args) addVariables(arg, {}, args);
      saves.marking([...args], () =>
        saves.apart((taken) =>
          this.#machine.body(instance.body, () => {
            isDefined = true;
            support.add(supportPath(placed.module.package), this.#supportRule(placed, instance, taken()));
          }),
        ),
      );
    }
    return isDefined;
  }
}

/** The rules that make the document of a node: its own, and those below it. */
function rulesBelow(node: TreeNode): readonly PlacedRule[] {
  return [...node.rules, ...[...node.children.values()].flatMap(rulesBelow)];
}

function isComplete({ module, rule }: PlacedRule, node: TreeNode): boolean {
  return !rule.head.element && module.package.length + rule.head.ref.length === node.path.length;
}

/** What leads to a rule's value: the rest of its head, and of a set the member itself. */
function keysOf({ tail, yields, isMember }: Instance): readonly Term[] {
  return isMember ? [...tail, yields] : tail;
}
