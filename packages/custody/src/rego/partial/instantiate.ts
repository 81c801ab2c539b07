import { operatorName } from "../compile/build.ts";
import { RegoFault } from "../faults.ts";
import type * as Ast from "../syntax/index.ts";
import { itemsTerm, joined, pairsTerm } from "./map-terms.ts";
import { known, variable } from "./terms.ts";
import type { Body, Expr, Instance, Operator, Place, Term, Variable, With } from "./terms.ts";

/** True for the name of a function or a builtin. */
type IsFunction = (name: string) => boolean;

/** Makes compiled bodies ready to be evaluated: each time with variables of their own. */
export class Instantiation {
  readonly #isFunction: IsFunction;
  #count = 0;

  constructor(isFunction: IsFunction) {
    this.#isFunction = isFunction;
  }

  /** The number of the next body that is evaluated. */
  nextQuery(): number {
    return this.#count++;
  }

  query(body: Ast.Body): Body {
    return new Renaming(this.nextQuery(), this.#isFunction).body(body);
  }

  /** @param depth how many terms of the rule's head stand for its place in the tree. */
  rule({ head, body }: Ast.Rule, depth: number): Instance {
    const renaming = new Renaming(this.nextQuery(), this.#isFunction);
    return {
      query: renaming.query,
      args: (head.args ?? []).map((arg) => renaming.term(arg)),
      tail: head.ref.slice(depth).map((part) => renaming.term(part)),
      yields: renaming.term(head.element ?? head.value),
      isMember: head.element !== undefined,
      body: renaming.body(body),
    };
  }
}

/**
 * The name of a variable in the body with that number, much as OPA's results have them: those of the query stay, what
 * the compiler or a `:=` declared is `__local5__1`.
 */
function nameIn(query: number, name: string): string {
  const suffix = query === 0 ? "" : String(query);
  if (name.startsWith("$")) return `_${name.slice(1)}_${suffix}`;
  const [, count] = /#(\d+)$/.exec(name) ?? [];
  if (count !== undefined) return `__local${count}__${suffix}`;
  return query === 0 ? name : `__local_${name}__${suffix}`;
}

/** True for a variable that the user has named in the query. */
export function isQueryVariable(name: string): boolean {
  return !/^_\d+_|^__(local|test__)|^_term_/.test(name);
}

class Renaming {
  readonly query: number;
  readonly #isFunction: IsFunction;

  constructor(query: number, isFunction: IsFunction) {
    this.query = query;
    this.#isFunction = isFunction;
  }

  /** Nothing is printed of what is only looked into. */
  body(body: Ast.Body): Body {
    return body.flatMap((expr, index) =>
      isPrint(expr) ? [] : [this.#expr(expr, { query: this.query, index })],
    );
  }

  #expr(expr: Ast.Expr, place: Place): Expr {
    const base = { negated: expr.negated, with: expr.with.map((one) => this.#with(one)), place };
    switch (expr.form) {
      case "term":
        return { ...base, form: "term", term: this.term(expr.term) };
      case "call":
        return { ...base, form: "call", operator: operatorOf(expr.operator), args: this.#terms(expr.args) };
      case "every":
        return {
          ...base,
          form: "every",
          key: expr.key && this.#variable(expr.key),
          value: this.#variable(expr.value),
          domain: this.term(expr.domain),
          body: this.body(expr.body),
        };
      case "not":
        return { ...base, form: "not", body: this.body(expr.body) };
      default:
        throw new RegoFault("rego/internal", `${expr.form} was not rewritten`);
    }
  }

  #with({ target, value }: Ast.With): With {
    const path = target.kind === "ref" ? operatorOf(target) : [target.kind === "var" ? target.name : ""];
    const name = value.kind === "ref" ? operatorName(value) : undefined;
    if (
      value.kind === "ref" &&
      name !== undefined &&
      this.#isFunction(name) &&
      this.#isFunction(path.join("."))
    )
      return { target: path, value: { kind: "function", operator: operatorOf(value) } };
    return { target: path, value: this.term(value) };
  }

  #terms(terms: readonly Ast.Term[]): readonly Term[] {
    return terms.map((term) => this.term(term));
  }

  #variable({ name }: Ast.VarTerm): Variable {
    return variable(nameIn(this.query, name));
  }

  term(term: Ast.Term): Term {
    switch (term.kind) {
      case "scalar":
        return known(term.value);
      case "var":
        return isDocument(term.name)
          ? { kind: "ref", head: variable(term.name), path: [] }
          : this.#variable(term);
      case "ref":
        return joined(this.term(term.head), this.#terms(term.path));
      case "array":
      case "set":
        return itemsTerm(term.kind, this.#terms(term.items));
      case "object":
        return pairsTerm(term.items.map(([key, value]) => [this.term(key), this.term(value)]));
      case "array-comprehension":
      case "set-comprehension":
        return this.#comprehension(term, [term.item]);
      case "object-comprehension":
        return this.#comprehension(term, [term.key, term.value]);
      default:
        throw new RegoFault("rego/internal", `a ${term.kind} was not taken out of its term`);
    }
  }

  #comprehension(term: Ast.Comprehension, yields: readonly Ast.Term[]): Term {
    const makes = term.kind.replace("-comprehension", "") as "array" | "set" | "object";
    return { kind: "comprehension", makes, yields: this.#terms(yields), body: this.body(term.body) };
  }
}

function isPrint(expr: Ast.Expr): boolean {
  return expr.form === "call" && operatorName(expr.operator) === "internal.print";
}

function isDocument(name: string): boolean {
  return name === "data" || name === "input";
}

function operatorOf({ head, path }: Ast.RefTerm): Operator {
  const names = path.map((part) =>
    part.kind === "scalar" && typeof part.value === "string" ? part.value : "",
  );
  return [head.kind === "var" ? head.name : "", ...names];
}
