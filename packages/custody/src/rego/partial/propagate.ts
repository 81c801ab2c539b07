import { EqualSets } from "./equal-sets.ts";
import { addExprVariables, joined, mapExpr, mapInside, variablesOf } from "./map-terms.ts";
import { boundBy } from "./outputs.ts";
import type { ArityOf } from "./outputs.ts";
import { equality, known, sameTerm, sidesOf, termExpr, variable } from "./terms.ts";
import type { Body, CallExpr, Expr, Place, Reference, Term } from "./terms.ts";
import { mentions } from "./mentions.ts";

/**
 * The body without variables that only carry something from one expression to another: `input.x = a; a > 1` becomes
 * `input.x > 1` (OPA's copy propagation).
 *
 * @param live the variables that must keep their values.
 */
export function propagated(body: Body, live: ReadonlySet<string>, arityOf: ArityOf): Body {
  const sets = EqualSets.of(body, live);
  const place = body[0]?.place ?? { query: 0, index: 0 };
  const result = sets && new Propagation({ sets, live, arityOf, place }).run(body);
  const made = result ?? body;
  return made.length > 0 ? made : [termExpr(known(true), place)];
}

interface Settings {
  readonly sets: EqualSets;
  readonly live: ReadonlySet<string>;
  readonly arityOf: ArityOf;
  readonly place: Place;
}

type Removed = Reference | (Term & { kind: "call" });

class Propagation {
  readonly #settings: Settings;
  /** What stands in the place of variables whose equality was taken out. */
  readonly #removed = new Map<string, Removed>();
  readonly #heads = new Set<string>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** The simplified body; undefined when it would not be safe. */
  run(body: Body): Body | undefined {
    for (const expr of body) this.#keepHeads(expr);
    const kept = body.flatMap((expr) => {
      const plugged = this.#plugExpr(expr);
      return this.#takesOut(plugged) ? [] : [plugged];
    });
    const result = [...kept, ...this.#liveEqualities()];
    return this.#restored(result);
  }

  /** A variable that is referred into keeps its name where it has a value. */
  #keepHeads(expr: Expr): void {
    const visit = (term: Term): Term => {
      if (term.kind === "ref" && term.head.kind === "var") this.#keepHead(term.head.name);
      return mapInside(term, { term: visit, body: (inner) => inner.map(each) });
    };
    const each = (inner: Expr): Expr => mapExpr(inner, { term: visit, body: (body) => body.map(each) });
    each(expr);
  }

  #keepHead(name: string): void {
    const root = this.#settings.sets.find(name);
    if (root) root.constant = undefined;
    this.#heads.add(root?.name ?? name);
  }

  #plugExpr(expr: Expr): Expr {
    return mapExpr(expr, {
      term: (term) => this.#plug(term, expr.negated),
      body: (body) => this.#plugBody(body),
    });
  }

  /** Inside of a body, as in a negation, nothing may come that binds variables. */
  #plugBody(body: Body): Body {
    const mapping = {
      term: (term: Term): Term => this.#plug(term, true),
      body: (inner: Body): Body => this.#plugBody(inner),
    };
    return body.map((expr) => mapExpr(expr, mapping));
  }

  #plug(term: Term, isInside: boolean): Term {
    if (term.kind === "var") return this.#plugVariable(term.name, isInside);
    if (term.kind === "ref") {
      return joined(
        this.#plugHead(term.head, isInside),
        term.path.map((part) => this.#plug(part, isInside)),
      );
    }
    const within = isInside || term.kind === "comprehension";
    return mapInside(term, {
      term: (inner) => this.#plug(inner, within),
      body: (body) => this.#plugBody(body),
    });
  }

  #plugHead(head: Term, isInside: boolean): Term {
    if (head.kind !== "var") return head;
    const name = this.#settings.sets.find(head.name)?.name ?? head.name;
    const removed = this.#removed.get(name);
    return removed && this.#mayReplace(removed, name, isInside) ? removed : variable(name);
  }

  #plugVariable(name: string, isInside: boolean): Term {
    const root = this.#settings.sets.find(name);
    if (root?.constant) return root.constant;
    const own = root?.name ?? name;
    const removed = this.#removed.get(own);
    return removed && this.#mayReplace(removed, own, isInside) ? removed : variable(own);
  }

  #mayReplace(removed: Removed, name: string, isInside: boolean): boolean {
    const found = variablesOf(removed);
    return !found.has(name) && (!isInside || found.size === 0);
  }

  /** True for an expression that can go: what it says is said where its variable stood. */
  #takesOut(expr: Expr): boolean {
    if (expr.negated || expr.with.length > 0) return false;
    const sides = sidesOf(expr);
    if (sides) return this.#takesOutEquality(...sides);
    if (expr.form === "call") return this.#takesOutCall(expr);
    return expr.form === "term" && expr.term.kind === "known" && expr.term.value !== false;
  }

  #takesOutEquality(a: Term, b: Term): boolean {
    if (sameTerm(a, b)) {
      // All that is left of it is that it has to be defined.
      if (a.kind === "ref") this.#removed.set(`__defined${this.#removed.size}__`, a);
      return true;
    }
    return this.#remove(a, b) || this.#remove(b, a);
  }

  #remove(a: Term, b: Term): boolean {
    if (a.kind !== "var" || this.#settings.live.has(a.name)) return false;
    if (b.kind !== "ref" && b.kind !== "call") return false;
    if (this.#removed.has(a.name) || variablesOf(b).has(a.name)) return false;
    this.#removed.set(a.name, b);
    return true;
  }

  #takesOutCall({ operator, args }: CallExpr): boolean {
    const arity = this.#settings.arityOf(operator);
    const output = args.at(-1);
    if (arity === undefined || args.length !== arity + 1 || output?.kind !== "var") return false;
    const { name } = output;
    if (this.#settings.live.has(name) || this.#heads.has(name) || this.#removed.has(name)) return false;
    const call = { kind: "call", operator, args: args.slice(0, -1) } as const;
    if (variablesOf(call).has(name)) return false;
    this.#removed.set(name, call);
    return true;
  }

  /** Live variables get the values that their sets have. */
  #liveEqualities(): Body {
    const { live, sets, place } = this.#settings;
    return [...live].toSorted().flatMap((name) => {
      const root = sets.find(name);
      if (!root) return [];
      const value = root.constant ?? this.#removed.get(root.name) ?? variable(root.name);
      return value.kind === "var" && value.name === name ? [] : [equality(variable(name), value, place)];
    });
  }

  /** What was taken out comes back where nothing else says it, or where it made a variable safe. */
  #restored(body: Body): Body | undefined {
    const { live, arityOf, place } = this.#settings;
    const result = [...body];
    const inside = insideBodies(result);
    let unsafe = unsafeIn(result, live, arityOf);
    for (const [name, value] of [...this.#removed].toSorted(([a], [b]) => (a < b ? 1 : -1))) {
      const expr = equality(variable(name), value, place);
      const left = unsafeIn([...result, expr], live, arityOf);
      const isNeeded = inside.has(name) || [...unsafe].some((one) => !left.has(one));
      const isDocument = value.kind === "ref" && value.path.length === 0;
      if (!isNeeded && (isDocument || mentions(result, value))) continue;
      result.push(expr);
      unsafe = left;
    }
    return unsafeIn(result, live, arityOf).size > 0 ? undefined : result;
  }
}

/** The variables in bodies inside of the expressions. */
function insideBodies(body: Body): ReadonlySet<string> {
  const all = new Set<string>();
  const outside = new Set<string>();
  for (const expr of body) {
    addExprVariables(expr, {}, all);
    addExprVariables(expr, { skipBodies: true }, outside);
  }
  return new Set([...all].filter((name) => !outside.has(name)));
}

function unsafeIn(body: Body, live: ReadonlySet<string>, arityOf: ArityOf): ReadonlySet<string> {
  const used = new Set<string>();
  for (const expr of body) addExprVariables(expr, { skipBodies: true }, used);
  const bound = boundBy(body, live, arityOf);
  return new Set([...used].filter((name) => !bound.has(name)));
}
