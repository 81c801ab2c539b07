import { RegoFault } from "../faults.ts";
import type { Bindings } from "./bindings.ts";
import { addVariables } from "./map-terms.ts";
import type { Body, Expr, Term } from "./terms.ts";

/** How many expressions one result may have. */
const longest = 20_000;

/** The expressions that depend on what is unknown, and so are the result; and the variables that they will bind. */
export class Saves {
  readonly #bindings: Bindings;
  readonly #variables = new Map<string, number>();
  #saved: Expr[] = [];
  #taken = 0;

  constructor(bindings: Bindings) {
    this.#bindings = bindings;
  }

  /** True when a variable's value depends on what is unknown. */
  has(name: string): boolean {
    return this.#variables.has(name);
  }

  /** True when the term is such a variable, or has one in it. */
  isUnknown(term: Term): boolean {
    const found = new Set<string>();
    addVariables(this.#bindings.plug(term), {}, found);
    return [...found].some((name) => this.has(name));
  }

  get names(): ReadonlySet<string> {
    return new Set(this.#variables.keys());
  }

  /** Does something while an expression is saved, which binds the variables of these terms. */
  with(expr: Expr, binds: readonly Term[], next: () => void): void {
    this.#saved.push(expr);
    this.marking(
      binds.flatMap((term) => [...this.#bindings.unbound(term)]),
      next,
    );
    this.#saved.pop();
  }

  /** Does something while variables count as unknown. */
  marking(names: readonly string[], next: () => void): void {
    for (const name of names) this.#variables.set(name, (this.#variables.get(name) ?? 0) + 1);
    next();
    for (const name of names) {
      const left = (this.#variables.get(name) ?? 0) - 1;
      if (left === 0) this.#variables.delete(name);
      else this.#variables.set(name, left);
    }
  }

  /** Collects the solutions of something else: what is saved meanwhile is for them alone. */
  apart(work: (taken: () => Body) => void): void {
    const outer = this.#saved;
    this.#saved = [];
    work(() => this.take());
    this.#saved = outer;
  }

  /**
   * What is saved up to here, as it is to be written.
   *
   * @throws RegoFault `rego/limit` when the results together are too long.
   */
  take(): Body {
    this.#taken += this.#saved.length + 1;
    if (this.#taken > longest)
      throw new RegoFault("rego/limit", `the result has more than ${longest} expressions`);
    return this.#saved.map((expr) => this.#bindings.plugExpr(expr));
  }
}
