import type { Builtin } from "../builtins/builtin.ts";
import type { RuleTree } from "../plan/rule-tree.ts";
import type { Frame, RuntimeNode } from "../runtime/index.ts";
import { Bindings } from "./bindings.ts";
import { Calls } from "./calls.ts";
import { comprehensionValue } from "./comprehensions.ts";
import { isBodyUnknown, isExprUnknown, isReferenceSaved, isTermUnknown } from "./dependence.ts";
import { Instantiation } from "./instantiate.ts";
import type { Machine, Next } from "./machine.ts";
import { Negation } from "./negation.ts";
import { propagated } from "./propagate.ts";
import { References } from "./references.ts";
import { Rules } from "./rules.ts";
import { Saves } from "./saves.ts";
import { Support } from "./support.ts";
import { equality, isFalse, sidesOf, termExpr, tested } from "./terms.ts";
import type { Body, CallExpr, Comprehension, EveryExpr, Expr, Place, Term, With } from "./terms.ts";
import { Unifier, membersOf } from "./unify.ts";
import type { Unknowns } from "./unknowns.ts";

export interface EvaluatorSettings {
  readonly tree: RuleTree;
  readonly nodes: readonly RuntimeNode[];
  readonly builtins: ReadonlyMap<string, Builtin>;
  readonly frame: Frame;
  readonly unknowns: Unknowns;
  readonly isShallow: boolean;
}

/** Evaluates bodies as far as they are known: solutions are found one after the other, and what is left is saved. */
export class Evaluator implements Machine {
  readonly tree: RuleTree;
  readonly nodes: readonly RuntimeNode[];
  readonly builtins: ReadonlyMap<string, Builtin>;
  readonly isShallow: boolean;
  readonly bindings = new Bindings();
  readonly saves = new Saves(this.bindings);
  readonly support = new Support();
  readonly instantiation: Instantiation;
  readonly #unifier: Unifier;
  readonly #negation = new Negation(this);
  readonly #calls: Calls;
  frame: Frame;
  unknowns: Unknowns;

  constructor(settings: EvaluatorSettings) {
    this.tree = settings.tree;
    this.nodes = settings.nodes;
    this.builtins = settings.builtins;
    this.frame = settings.frame;
    this.unknowns = settings.unknowns;
    this.isShallow = settings.isShallow;
    this.instantiation = new Instantiation(
      (name) => this.builtins.has(name) || this.tree.findFunction(name) !== undefined,
    );
    const rules: Rules = new Rules(this, () => references);
    const references = new References(this, rules.find);
    this.#calls = new Calls(this, rules);
    this.#unifier = new Unifier(this, {
      reference: (ref, result, place, next) => references.find(ref, result, place, next),
      isSaved: (ref) => isReferenceSaved(this, ref),
      comprehension: (term, next) => this.#comprehension(term, next),
    });
  }

  body(body: Body, next: Next): void {
    this.#from(body, 0, next);
  }

  #from(body: Body, index: number, next: Next): void {
    const expr = body[index];
    if (expr) this.#expr(expr, () => this.#from(body, index + 1, next));
    else next();
  }

  #expr(expr: Expr, next: Next): void {
    this.frame.evaluation.spend(1);
    if (expr.with.length > 0) this.#with(expr, next);
    else this.#withoutWith(expr, next);
  }

  #withoutWith(expr: Expr, next: Next): void {
    if (expr.negated) return this.#not([{ ...expr, negated: false, with: [] }], expr, next);
    switch (expr.form) {
      case "term":
        return this.test(expr.term, expr.place, next);
      case "call":
        return this.#call(expr, next);
      case "every":
        return this.#every(expr, next);
      default:
        return this.#not(expr.body, expr, next);
    }
  }

  #call(expr: CallExpr, next: Next): void {
    const sides = sidesOf(expr);
    if (sides) this.unify(...sides, expr.place, next);
    else this.#calls.call(expr, next);
  }

  unify(a: Term, b: Term, place: Place, next: Next): void {
    this.#unifier.unify(a, b, place, next);
  }

  test(term: Term, place: Place, next: Next): void {
    const own = this.bindings.walk(term);
    if (own.kind === "var" && this.saves.has(own.name))
      return this.saves.with(termExpr(own, place), [], next);
    const result = tested(place);
    this.unify(term, result, place, () => {
      const value = this.bindings.walk(result);
      if (value.kind === "var") this.saves.with(termExpr(value, place), [], next);
      else if (!isFalse(value)) next();
    });
  }

  saveEquality(a: Term, b: Term, place: Place, next: Next): void {
    this.saves.with(equality(a, b, place), [a, b], next);
  }

  simplified(body: Body, live: ReadonlySet<string>): Body {
    if (this.isShallow) return body;
    return propagated(body, live, (operator) => this.#calls.arityOf(operator));
  }

  #not(body: Body, expr: Expr, next: Next): void {
    if (isBodyUnknown(this, body)) return this.#negation.save(body, expr, next);
    let isDefined = false;
    this.body(body, () => {
      isDefined = true;
    });
    if (!isDefined) next();
  }

  #every(expr: EveryExpr, next: Next): void {
    if (isExprUnknown(this, expr)) return this.saves.with(expr, [], next);
    const members = membersOf(this.bindings.plug(expr.domain));
    if (members?.every(([key, value]) => this.#holdsFor(expr, key, value))) next();
  }

  #holdsFor({ key: keyVar, value: valueVar, body }: EveryExpr, key: Term, value: Term): boolean {
    let holds = false;
    const hold = (): void => {
      holds = true;
    };
    this.bindings.with(valueVar.name, value, () => {
      if (keyVar) this.bindings.with(keyVar.name, key, () => this.body(body, hold));
      else this.body(body, hold);
    });
    return holds;
  }

  #comprehension(term: Comprehension, next: (value: Term) => void): void {
    next(isTermUnknown(this, term) ? term : comprehensionValue(this, term));
  }

  /** What stands under a `with` is worked out where all of it is known, and saved as it is where not. */
  #with(expr: Expr, next: Next): void {
    const replaced = expr.with.map(({ target }) => target);
    const unknowns = this.unknowns.without(replaced);
    const { bindings, saves } = this;
    if (isExprUnknown({ bindings, saves, unknowns }, expr))
      return this.saves.with(expr, outputsOf(expr), next);
    const inside = { frame: this.#replacedFrame(expr.with), unknowns };
    const outside = { frame: this.frame, unknowns: this.unknowns };
    this.#enter(inside);
    this.#withoutWith({ ...expr, with: [] }, () => {
      this.#enter(outside);
      next();
      this.#enter(inside);
    });
    this.#enter(outside);
  }

  #enter({ frame, unknowns }: Pick<Machine, "frame" | "unknowns">): void {
    this.frame = frame;
    this.unknowns = unknowns;
  }

  #replacedFrame(withs: readonly With[]): Frame {
    return withs.reduce((frame, { target, value }) => {
      const [root, ...path] = target;
      const name = target.join(".");
      if (value.kind === "function") return frame.withFunction(name, { by: value.operator.join(".") });
      const plugged = this.bindings.plug(value);
      if (plugged.kind !== "known") return frame;
      if (root === "input") return frame.withInput(path, plugged.value);
      const isFunction = this.#calls.arityOf(target) !== undefined;
      if (isFunction) return frame.withFunction(name, { value: plugged.value });
      return frame.withData(path, plugged.value);
    }, this.frame);
  }
}

/** What an expression that is saved as it is will bind. */
function outputsOf(expr: Expr): readonly Term[] {
  if (expr.negated) return [];
  if (expr.form === "term") return [expr.term];
  return expr.form === "call" ? expr.args : [];
}
