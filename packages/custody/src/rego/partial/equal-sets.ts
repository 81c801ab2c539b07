import { sameTerm, sidesOf } from "./terms.ts";
import type { Body, Known, Term } from "./terms.ts";

interface Root {
  readonly name: string;
  constant: Known | undefined;
}

/** Variables that have to be equal, and the value that those of a set have. */
export class EqualSets {
  readonly #live: ReadonlySet<string>;
  readonly #parents = new Map<string, string>();
  readonly #roots = new Map<string, Root>();

  constructor(live: ReadonlySet<string>) {
    this.#live = live;
  }

  /** The sets that a body's equalities make; undefined when they contradict each other. */
  static of(body: Body, live: ReadonlySet<string>): EqualSets | undefined {
    const sets = new EqualSets(live);
    for (const expr of body) {
      const sides = expr.negated || expr.with.length > 0 ? undefined : sidesOf(expr);
      if (sides && !sets.#add(...sides)) return undefined;
    }
    return sets;
  }

  #add(a: Term, b: Term): boolean {
    if (a.kind === "var" && b.kind === "var") return this.#merge(a.name, b.name);
    if (a.kind === "var" && b.kind === "known") return this.#fix(a.name, b);
    if (b.kind === "var" && a.kind === "known") return this.#fix(b.name, a);
    return true;
  }

  /** What stands for the set of a variable; undefined for one that is in none. */
  find(name: string): Root | undefined {
    let at = name;
    for (let up = this.#parents.get(at); up !== undefined; up = this.#parents.get(at)) at = up;
    return this.#roots.get(at);
  }

  #make(name: string): Root {
    const found = this.find(name);
    if (found) return found;
    const root = { name, constant: undefined };
    this.#roots.set(name, root);
    return root;
  }

  #fix(name: string, value: Known): boolean {
    const root = this.#make(name);
    if (root.constant && !sameTerm(root.constant, value)) return false;
    root.constant = value;
    return true;
  }

  #merge(a: string, b: string): boolean {
    const [left, right] = [this.#make(a), this.#make(b)];
    if (left === right) return true;
    if (left.constant && right.constant && !sameTerm(left.constant, right.constant)) return false;
    const [kept, gone] = this.#live.has(left.name) ? [left, right] : [right, left];
    kept.constant ??= gone.constant;
    this.#parents.set(gone.name, kept.name);
    this.#roots.delete(gone.name);
    return true;
  }
}
