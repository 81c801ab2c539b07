import { declaredIn } from "./declared.ts";
import type { Names } from "./names.ts";
import type { Body, Location } from "../syntax/index.ts";

interface Declared {
  /** What it is called now. */
  readonly name: string;
  readonly how: Declaration;
  readonly at: Location;
  used: boolean;
}

interface Scope {
  /** Names that were declared up to here. */
  readonly declared: Map<string, Declared>;
  /** Names that this body may not declare: the arguments of its rule. */
  readonly args: ReadonlySet<string>;
  /** Names that this body declares somewhere. */
  readonly pending: ReadonlySet<string>;
  /** Names that were used in this body. */
  readonly seen: Set<string>;
}

export type Declaration = "argument" | "some" | "assigned";

/** A name that was declared for nothing, and the statement that did. */
export interface Unused {
  readonly name: string;
  readonly how: Declaration;
  readonly at: Location;
}

/** Which variable a name is, at a place in a rule. */
export class Scopes {
  readonly #names: Names;
  readonly #scopes: Scope[] = [];

  constructor(names: Names) {
    this.#names = names;
  }

  /** Enters a body. */
  enter(body: Body, args: ReadonlySet<string> = new Set()): void {
    this.#scopes.push({ declared: new Map(), args, pending: declaredIn(body), seen: new Set() });
  }

  /** Enters the body of a rule from the scope of its arguments: what is nested in it may declare their names anew. */
  enterRule(body: Body): void {
    this.enter(body, new Set(this.#scopes.at(-1)?.declared.keys()));
  }

  /** Leaves it; what was declared in it and nobody used. */
  leave(): readonly Unused[] {
    const declared = this.#scopes.pop()?.declared ?? new Map<string, Declared>();
    return [...declared].flatMap(([name, { how, at, used }]) => (used ? [] : [{ name, how, at }]));
  }

  /** Declares a name in the innermost body; why that cannot be, or undefined. */
  declare(name: string, how: Declaration, at: Location): string | undefined {
    const scope = this.#scopes.at(-1);
    if (!scope || name.startsWith("$")) return undefined;
    const known = scope.declared.get(name);
    if (known && how === "argument") {
      known.used = true;
      return undefined;
    }
    if (known) return `var ${name} ${known.how === "assigned" ? "assigned" : "declared"} above`;
    if (scope.args.has(name)) return `arg ${name} redeclared`;
    if (scope.seen.has(name)) return `var ${name} referenced above`;
    scope.declared.set(name, { name: this.#names.declare(name), how, at, used: false });
    return undefined;
  }

  /** What a declared name is called now; undefined for one that no body around has declared yet. */
  find(name: string): string | undefined {
    this.#scopes.at(-1)?.seen.add(name);
    for (const { declared } of this.#scopes.toReversed()) {
      const found = declared.get(name);
      if (found) {
        found.used = true;
        return found.name;
      }
    }
    return undefined;
  }

  /** What a name that the innermost body declares is called now, without a use of it. */
  nameOf(name: string): string {
    return this.#scopes.at(-1)?.declared.get(name)?.name ?? name;
  }

  /** Some body around declares the name, if only later. */
  isPending(name: string): boolean {
    return this.#scopes.some(({ pending }) => pending.has(name));
  }
}
