import { builtinRef } from "../syntax/index.ts";
import type { Body, CallTerm, Expr, Head, RefTerm, Rule, Term, VarTerm, With } from "../syntax/index.ts";
import { appendTo, equality, operatorName, varTerm } from "./build.ts";
import type { Names } from "./names.ts";

interface Expanded {
  /** What has to be evaluated before. */
  readonly support: readonly Expr[];
  readonly term: Term;
}

/**
 * Takes calls out of terms: each becomes an expression of its own, before the one that uses its value. That happens
 * outside of a negation too: `not f(g(x))` is undefined, and not true, when `g(x)` is undefined (as in OPA).
 */
export class Expander {
  readonly #names: Names;
  readonly #isFunction: (name: string) => boolean;

  constructor(names: Names, isFunction: (name: string) => boolean) {
    this.#names = names;
    this.#isFunction = isFunction;
  }

  rule(rule: Rule): Rule {
    const { head, support } = this.#head(rule.head);
    const body = this.body(appendTo(rule.body, support));
    return { ...rule, head, body, elseRule: rule.elseRule && this.rule(rule.elseRule) };
  }

  /** The head with variables and scalars only where a term would need to be evaluated. */
  #head(head: Head): { head: Head; support: readonly Expr[] } {
    const support: Expr[] = [];
    const settle = (term: Term): Term => {
      const expanded = this.#term(term);
      support.push(...expanded.support);
      if (!needsEvaluation(expanded.term)) return expanded.term;
      const local = this.#local(expanded.term);
      support.push(equality(local, expanded.term));
      return local;
    };
    const [name, ...path] = head.ref as readonly [Term, ...Term[]];
    const ref = [name, ...path.map((part) => this.#headPart(part, settle, support))];
    const args = head.args?.map(settle);
    const element = head.element && settle(head.element);
    return { head: { ...head, ref, args, element, value: settle(head.value) }, support };
  }

  #headPart(part: Term, settle: (term: Term) => Term, support: Expr[]): Term {
    const settled = settle(part);
    if (settled.kind === "var" || settled.kind === "scalar") return settled;
    const local = this.#local(settled);
    support.push(equality(local, settled));
    return local;
  }

  #local({ at }: Term): VarTerm {
    return varTerm(this.#names.generate(), at);
  }

  body(body: Body): Body {
    return body.flatMap((expr) => this.#expr(expr));
  }

  #expr(expr: Expr): readonly Expr[] {
    const modifiers = expr.with.map((one) => this.#with(one));
    const withs = modifiers.map(({ one }) => one);
    const before = modifiers.flatMap(({ support }) => support);
    return [...before, ...this.#withoutWith(expr).map((each) => ({ ...each, with: withs }))];
  }

  #with(one: With): { one: With; support: readonly Expr[] } {
    if (one.value.kind === "var" && this.#isFunction(one.value.name)) {
      return { one: { ...one, value: builtinRef(one.value.name, one.value.at) }, support: [] };
    }
    const { support, term } = this.#term(one.value);
    if (!needsEvaluation(term) || this.#namesFunction(term)) return { one: { ...one, value: term }, support };
    const local = this.#local(term);
    return { one: { ...one, value: local }, support: [...support, equality(local, term)] };
  }

  /** What a function is replaced with: `with f as data.p.g`. */
  #namesFunction(term: Term): boolean {
    const name = term.kind === "ref" ? operatorName(term) : undefined;
    return name !== undefined && this.#isFunction(name);
  }

  #withoutWith(expr: Expr): readonly Expr[] {
    switch (expr.form) {
      case "term": {
        const { support, term } = this.#term(expr.term);
        return [...support, { ...expr, term }];
      }
      case "call": {
        const { support, terms } = this.#terms(expr.args);
        return [...support, { ...expr, args: terms }];
      }
      case "every": {
        const { support, term } = this.#term(expr.domain);
        const local = this.#local(term);
        return [...support, equality(local, term), { ...expr, domain: local, body: this.body(expr.body) }];
      }
      case "not":
        return [{ ...expr, body: this.body(expr.body) }];
      default:
        return [expr];
    }
  }

  #terms(terms: readonly Term[]): { support: readonly Expr[]; terms: readonly Term[] } {
    const expanded = terms.map((term) => this.#term(term));
    return { support: expanded.flatMap(({ support }) => support), terms: expanded.map(({ term }) => term) };
  }

  #term(term: Term): Expanded {
    switch (term.kind) {
      case "call":
        return this.#call(term);
      case "ref":
        return this.#ref(term);
      case "array":
      case "set": {
        const { support, terms } = this.#terms(term.items);
        return { support, term: { ...term, items: terms } };
      }
      case "object":
        return this.#object(term);
      case "array-comprehension":
      case "set-comprehension": {
        const { term: item, exprs } = this.#yielded(term.item);
        return { support: [], term: { ...term, item, body: this.body(appendTo(term.body, exprs)) } };
      }
      case "object-comprehension": {
        const key = this.#yielded(term.key);
        const value = this.#yielded(term.value);
        const body = this.body(appendTo(appendTo(term.body, key.exprs), value.exprs));
        return { support: [], term: { ...term, key: key.term, value: value.term, body } };
      }
      default:
        return { support: [], term };
    }
  }

  #object(term: Term & { kind: "object" }): Expanded {
    const { support, terms } = this.#terms(term.items.flat());
    const items = term.items.map((_, i) => [terms[i * 2], terms[i * 2 + 1]] as [Term, Term]);
    return { support, term: { ...term, items } };
  }

  #call(term: CallTerm): Expanded {
    const { support, terms } = this.#terms(term.args);
    const local = this.#local(term);
    const { operator, at } = term;
    const expr: Expr = { form: "call", operator, args: [...terms, local], negated: false, with: [], at };
    return { support: [...support, expr], term: local };
  }

  /** What a comprehension yields, as a term that needs no evaluation, and the expressions that make it. */
  #yielded(term: Term): { term: Term; exprs: readonly Expr[] } {
    const expanded = this.#term(term);
    if (!needsEvaluation(expanded.term)) return { term: expanded.term, exprs: expanded.support };
    const local = this.#local(term);
    return { term: local, exprs: [...expanded.support, equality(local, expanded.term)] };
  }

  /** `[1, 2][i]` and `f(x)[i]`: what is referred into gets a variable. */
  #ref(ref: RefTerm): Expanded {
    const head = this.#term(ref.head);
    const path = this.#terms(ref.path);
    const support = [...head.support, ...path.support];
    if (head.term.kind === "var") return { support, term: { ...ref, head: head.term, path: path.terms } };
    const local = this.#local(head.term);
    support.push(equality(local, head.term));
    return { support, term: { ...ref, head: local, path: path.terms } };
  }
}

/** True when the term holds a reference or a comprehension. */
function needsEvaluation(term: Term): boolean {
  switch (term.kind) {
    case "scalar":
    case "var":
      return false;
    case "array":
    case "set":
      return term.items.some(needsEvaluation);
    case "object":
      return term.items.some((item) => item.some(needsEvaluation));
    default:
      return true;
  }
}
