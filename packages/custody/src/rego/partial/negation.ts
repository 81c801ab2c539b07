import { addExprVariables, variablesOfExpr } from "./map-terms.ts";
import type { Machine, Next } from "./machine.ts";
import { namespace, supportPath } from "./support.ts";
import { isTrue, known, pathRef, sidesOf, variable } from "./terms.ts";
import type { Body, Expr, NotExpr, Place, Term } from "./terms.ts";

/** How many expressions the negation of one may become. */
const longest = 16;

/** Negates what depends on what is unknown: by what it has become, or through rules of its own. */
export class Negation {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Goes on where no solution of the body can hold; that is saved. */
  save(body: Body, expr: Expr, next: Next): void {
    const { saves } = this.#machine;
    const live = saves.names;
    const isOwnBody = expr.form === "not" && !expr.negated;
    const solutions: Body[] = [];
    saves.apart((taken) =>
      this.#machine.body(body, () => {
        const query = taken();
        solutions.push(isOwnBody ? query : this.#machine.simplified(query, live));
      }),
    );
    if (solutions.some(isAlways)) return;
    if (isOwnBody)
      this.#saveAll(
        solutions.map((one) => notBody(one, expr.place)),
        next,
      );
    else if (canNegate(solutions, live)) this.#products(solutions, [], next);
    else this.#throughRule(solutions, live, expr.place, next);
  }

  #saveAll([first, ...rest]: Body, next: Next): void {
    if (!first) return next();
    this.#machine.saves.with(first, [], () => this.#saveAll(rest, next));
  }

  /** One expression of every solution does not hold, in every choice of them. */
  #products([solution, ...rest]: readonly Body[], chosen: Body, next: Next): void {
    if (!solution) return this.#saveAll(chosen, next);
    for (const expr of solution) this.#products(rest, [...chosen, negated(expr)], next);
  }

  #throughRule(solutions: readonly Body[], live: ReadonlySet<string>, place: Place, next: Next): void {
    const { support, instantiation } = this.#machine;
    const name = `__not${place.query}_${place.index}_${instantiation.nextQuery()}__`;
    const found = new Set<string>();
    for (const solution of solutions) for (const expr of solution) addExprVariables(expr, {}, found);
    const args = [...live]
      .filter((one) => found.has(one))
      .toSorted()
      .map(variable);
    for (const body of solutions) {
      const head = { isDefault: false, name, path: [], yields: known(true), isMember: false };
      support.add(["data", namespace], { ...head, args: args.length > 0 ? args : undefined, body });
    }
    this.#saveAll([ruleDoesNotHold(supportPath([name]), args, place)], next);
  }
}

function ruleDoesNotHold(operator: readonly string[], args: readonly Term[], place: Place): Expr {
  const base = { negated: true, with: [], place };
  if (args.length > 0) return { ...base, form: "call", operator, args };
  return { ...base, form: "term", term: pathRef(operator) };
}

function isAlways(body: Body): boolean {
  return body.every((expr) => expr.form === "term" && !expr.negated && isTrue(expr.term));
}

function notBody(body: Body, place: Place): NotExpr {
  return { form: "not", body, negated: false, with: [], place };
}

function negated(expr: Expr): Expr {
  return { ...expr, negated: !expr.negated };
}

/** True when turning each expression round means the same: nothing in it can be undefined by itself. */
function canNegate(solutions: readonly Body[], live: ReadonlySet<string>): boolean {
  const size = solutions.reduce((product, { length }) => product * length, 1);
  return size <= longest && solutions.every((body) => body.every((expr) => canNegateExpr(expr, live)));
}

function canNegateExpr(expr: Expr, live: ReadonlySet<string>): boolean {
  if (hasNested(expr)) return false;
  if (expr.negated) return true;
  return [...variablesOfExpr(expr, { skipBodies: true })].every((name) => live.has(name));
}

/** True when something is evaluated before the expression, which a negation of it does not negate. */
export function hasNested(expr: Expr): boolean {
  if (expr.form === "term") return hasInside(expr.term);
  if (expr.form === "call") return sidesOf(expr) ? expr.args.some(hasInside) : expr.args.some(isEvaluated);
  return true;
}

/** A reference or call inside of the term, but not the term itself. */
function hasInside(term: Term): boolean {
  return term.kind === "ref" ? term.path.some(isEvaluated) : isEvaluated(term);
}

function isEvaluated(term: Term): boolean {
  switch (term.kind) {
    case "known":
    case "var":
      return false;
    case "array":
    case "set":
      return term.items.some(isEvaluated);
    case "object":
      return term.items.flat().some(isEvaluated);
    default:
      return true;
  }
}
