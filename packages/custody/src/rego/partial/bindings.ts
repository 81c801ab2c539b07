import { mapExpr, mapInside, variablesOf, addBodyVariables } from "./map-terms.ts";
import { equality, variable } from "./terms.ts";
import type { Body, Comprehension, Expr, Place, Term } from "./terms.ts";

const inClosure: Place = { query: 0, index: 0 };

/** What variables are bound to, one substitution for all bodies; what was bound is undone on the way back. */
export class Bindings {
  readonly #bound = new Map<string, Term>();

  /** Does something while a variable is bound. */
  with(name: string, term: Term, next: () => void): void {
    this.#bound.set(name, term);
    next();
    this.#bound.delete(name);
  }

  /** What a variable is bound to in the end; any other term is itself. */
  walk(term: Term): Term {
    let found = term;
    while (found.kind === "var") {
      const bound = this.#bound.get(found.name);
      if (!bound) return found;
      found = bound;
    }
    return found;
  }

  /** The term with everything in the place of variables that they are bound to. */
  plug(term: Term): Term {
    const found = this.walk(term);
    if (found.kind === "comprehension") return this.#closed(found);
    return mapInside(found, { term: (inner) => this.plug(inner), body: (body) => this.#closedBody(body) });
  }

  plugExpr(expr: Expr): Expr {
    return mapExpr(expr, { term: (term) => this.plug(term), body: (body) => this.#closedBody(body) });
  }

  /** The variables that are unbound in a term, whose bodies are left out. */
  unbound(term: Term): ReadonlySet<string> {
    return variablesOf(this.plug(term), { skipBodies: true, skipHeads: true });
  }

  /**
   * A body inside of a term keeps its variables, and gets what they are bound to: `x[i]` stays a reference whatever
   * `x` is.
   */
  #closedBody(body: Body, yields: readonly Term[] = []): Body {
    const found = new Set<string>();
    addBodyVariables(body, {}, found);
    for (const term of yields) for (const name of variablesOf(term)) found.add(name);
    const bound = [...found].filter((name) => this.#bound.has(name));
    if (bound.length === 0) return body;
    return [...body, ...bound.map((name) => equality(variable(name), this.plug(variable(name)), inClosure))];
  }

  #closed(term: Comprehension): Term {
    return { ...term, body: this.#closedBody(term.body, term.yields) };
  }
}
