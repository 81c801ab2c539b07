import { declaredIn } from "./declared.ts";
import type { Names } from "./names.ts";
import type { Body } from "../syntax/index.ts";

interface Scope {
  /** Names that were declared up to here, and what they are called now. */
  readonly declared: Map<string, { readonly name: string; readonly how: Declaration; used: boolean }>;
  /** Names that this body declares somewhere. */
  readonly pending: ReadonlySet<string>;
  /** Names that were used in this body. */
  readonly seen: Set<string>;
}

export type Declaration = "argument" | "some" | "assigned";

/** Which variable a name is, at a place in a rule. */
export class Scopes {
  readonly #names: Names;
  readonly #scopes: Scope[] = [];

  constructor(names: Names) {
    this.#names = names;
  }

  /** Enters a body. */
  enter(body: Body): void {
    this.#scopes.push({ declared: new Map(), pending: declaredIn(body), seen: new Set() });
  }

  /** Leaves it; what `some` declared and nobody used. */
  leave(): readonly string[] {
    const declared = this.#scopes.pop()?.declared ?? new Map();
    return [...declared].filter(([, { how, used }]) => how === "some" && !used).map(([name]) => name);
  }

  /** Declares a name in the innermost body; why that cannot be, or undefined. */
  declare(name: string, how: Declaration): string | undefined {
    const scope = this.#scopes.at(-1);
    if (!scope || name.startsWith("$")) return undefined;
    const known = scope.declared.get(name);
    if (known && how === "argument") return undefined;
    if (known) return `var ${name} ${known.how === "assigned" ? "assigned" : "declared"} above`;
    if (scope.seen.has(name)) return `var ${name} referenced above`;
    scope.declared.set(name, { name: this.#names.declare(name), how, used: false });
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
