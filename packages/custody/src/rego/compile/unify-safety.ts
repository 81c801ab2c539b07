import type { Term } from "../syntax/index.ts";
import { equal } from "../values/index.ts";
import { varsOfTerm } from "./vars.ts";

const patternVars = { skipRefHead: true, skipObjectKeys: true, skipClosures: true };

/** The variables that `a = b` binds, when those in `safe` are bound already (OPA's `ast.Unify`). */
export function unifiedBy(safe: ReadonlySet<string>, a: Term, b: Term): Set<string> {
  return new Unifier(safe).run(a, b);
}

class Unifier {
  readonly #safe: ReadonlySet<string>;
  readonly #unified = new Set<string>();
  readonly #waiting = new Map<string, Set<string>>();

  constructor(safe: ReadonlySet<string>) {
    this.#safe = safe;
  }

  run(a: Term, b: Term): Set<string> {
    this.#unify(a, b);
    return this.#unified;
  }

  #isSafe(name: string): boolean {
    return this.#safe.has(name) || this.#unified.has(name);
  }

  #unify(a: Term, b: Term): void {
    if (a.kind === "var") this.#unifyVar(a.name, b);
    else if (b.kind === "var") this.#unifyVar(b.name, a);
    else if (a.kind === "ref" || b.kind === "ref") this.#unifyRefs(a, b);
    else if (a.kind === "array" && b.kind === "array") this.#unifyArrays(a.items, b.items);
    else if (a.kind === "object" && b.kind === "object") this.#unifyObjects(a, b);
    else if (isComprehension(a)) this.#markAll(b);
    else if (isComprehension(b)) this.#markAll(a);
  }

  #unifyRefs(a: Term, b: Term): void {
    if (a.kind === "ref" && isRefSafe(a, this.#safe)) this.#markAll(b);
    if (b.kind === "ref" && isRefSafe(b, this.#safe)) this.#markAll(a);
  }

  #unifyVar(name: string, other: Term): void {
    switch (other.kind) {
      case "var":
        this.#unifyVars(name, other.name);
        break;
      case "array":
      case "object":
        this.#unifyPattern(name, other);
        break;
      case "ref":
        if (isRefSafe(other, this.#safe)) this.#mark(name);
        break;
      default:
        this.#mark(name);
    }
  }

  #unifyVars(a: string, b: string): void {
    if (this.#isSafe(b)) this.#mark(a);
    else if (this.#isSafe(a)) this.#mark(b);
    else {
      this.#wait(a, b);
      this.#wait(b, a);
    }
  }

  #unifyPattern(name: string, pattern: Term): void {
    if (this.#isSafe(name)) return this.#markAll(pattern);
    const unsafe = [...varsOfTerm(pattern, patternVars)].filter((one) => !this.#isSafe(one));
    if (unsafe.length === 0) this.#mark(name);
    for (const one of unsafe) this.#wait(name, one);
  }

  #unifyArrays(a: readonly Term[], b: readonly Term[]): void {
    if (a.length === b.length) a.forEach((item, i) => this.#unify(item, b[i] as Term));
  }

  #unifyObjects(a: Term & { kind: "object" }, b: Term & { kind: "object" }): void {
    if (a.items.length !== b.items.length) return;
    for (const [key, value] of a.items) {
      const other = b.items.find(([one]) => sameTerm(one, key));
      if (other) this.#unify(value, other[1]);
    }
  }

  #markAll(term: Term): void {
    for (const name of varsOfTerm(term, patternVars)) this.#mark(name);
  }

  #mark(name: string): void {
    this.#unified.add(name);
    const dependencies = this.#waiting.get(name) ?? [];
    this.#waiting.delete(name);
    for (const one of dependencies) this.#mark(one);
    for (const [waiting, others] of this.#waiting) {
      if (others.delete(name) && others.size === 0) this.#mark(waiting);
    }
  }

  #wait(name: string, other: string): void {
    const others = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, others.add(other));
  }
}

function isComprehension({ kind }: Term): boolean {
  return kind.endsWith("comprehension");
}

/** The same scalar, the same variable, or composites of such. */
export function sameTerm(a: Term, b: Term): boolean {
  if (a.kind === "scalar" && b.kind === "scalar") return equal(a.value, b.value);
  if (a.kind === "var" && b.kind === "var") return a.name === b.name;
  if ((a.kind === "array" && b.kind === "array") || (a.kind === "set" && b.kind === "set")) {
    return (
      a.items.length === b.items.length && a.items.every((item, i) => sameTerm(item, b.items[i] as Term))
    );
  }
  return false;
}

/** True when what a reference refers into is bound. */
export function isRefSafe({ head }: Term & { kind: "ref" }, safe: ReadonlySet<string>): boolean {
  if (head.kind === "var" && (head.name === "data" || head.name === "input")) return true;
  return [...varsOfTerm(head, { skipClosures: true })].every((name) => safe.has(name));
}
