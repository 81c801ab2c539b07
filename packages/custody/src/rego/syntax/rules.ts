import type { Body, Expr, Head, Rule, Term, VarTerm } from "./ast.ts";
import { ExprParser } from "./exprs.ts";
import type { Location } from "./location.ts";
import { termName } from "./terms.ts";
import type { Token } from "./token.ts";
import { headFromExpr } from "./rule-from-expr.ts";

type Keywords = Head["keywords"];

/** Rules, in the forms of v0 and v1. */
export abstract class RuleParser extends ExprParser {
  /** One statement: the rules it makes (`p { … } { … }` makes two). */
  protected parseRules(): readonly Rule[] {
    const { place, token } = this.cursor;
    if (this.cursor.takeIfKeyword("default")) return [this.#defaultRule(token)];
    const rules = this.cursor.isName() ? this.#findRules() : undefined;
    if (rules) return rules;
    this.cursor.goTo(place);
    const expr = this.parseExpr();
    const head = headFromExpr(expr);
    if (typeof head === "string") this.cursor.failAt(expr.at, head);
    const at = this.cursor.from(token);
    return [{ isDefault: false, head, body: trueBody(at), generatedBody: true, elseRule: undefined, at }];
  }

  #defaultRule(start: Token): Rule {
    if (!this.cursor.isName()) this.cursor.fail();
    const head = this.#head(true);
    const at = this.cursor.from(start);
    if (head.generatedValue) this.cursor.failAt(start, "illegal default rule (must have a value)");
    this.#refuseDefaultValue(head.value, at);
    this.#refuseDefaultArgs(head.args ?? [], at);
    const { row, col, offset, end } = start;
    const word = { file: at.file, row, col, offset, end };
    const body = trueBody(head.at);
    // As OPA has it: the word `default` stands for the head, and the head for the body.
    return {
      isDefault: true,
      head: { ...head, at: word },
      body,
      generatedBody: false,
      elseRule: undefined,
      at,
    };
  }

  #refuseDefaultValue(value: Term, at: Location): void {
    const bad = findDynamic(value);
    if (bad) this.cursor.failAt(at, `illegal default rule (value cannot contain ${termName(bad)})`);
  }

  #refuseDefaultArgs(args: readonly Term[], at: Location): void {
    const names = new Set<string>();
    for (const arg of args) {
      if (arg.kind !== "var") {
        this.cursor.failAt(at, `illegal default rule (arguments cannot contain ${termName(arg)})`);
      } else if (names.has(arg.name)) {
        this.cursor.failAt(at, `illegal default rule (arguments cannot be repeated ${arg.name})`);
      } else {
        names.add(arg.name);
      }
    }
  }

  /** A rule with a body or `contains`; undefined for a statement that only an expression can be. */
  #findRules(): readonly Rule[] | undefined {
    const start = this.cursor.token;
    const parsed = this.#head(false);
    const hasIf = this.cursor.isKeyword("if");
    const head = hasIf ? parsed : asPartialSet(parsed);
    const usesContains = head.keywords.includes("contains");
    if (!hasIf && !this.cursor.isSymbol("{")) return usesContains ? [bodyless(head)] : undefined;
    const keywords: Keywords = hasIf ? [...head.keywords, "if"] : head.keywords;
    const body = hasIf ? this.#ifBody() : this.#bracedBody();
    const elseRule = this.#findElse(head);
    const rule = { isDefault: false, head: { ...head, keywords }, body, generatedBody: false, elseRule };
    return [{ ...rule, at: this.cursor.from(start) }, ...this.#chained({ ...head, keywords }, elseRule)];
  }

  #ifBody(): Body {
    this.cursor.take();
    const { place } = this.cursor;
    const expr = this.cursor.isSymbol("{") ? this.#findExpr() : this.parseExpr();
    if (expr && !(expr.form === "term" && expr.term.kind === "set")) return [expr];
    this.cursor.goTo(place);
    return this.#bracedBody();
  }

  /** What begins with a brace after `if` may be an object, a comprehension, `{…} == x`, or else the body. */
  #findExpr(): Expr | undefined {
    return this.attempt(() => this.parseExpr());
  }

  #bracedBody(): Body {
    this.cursor.expect("{", "rule body expected");
    return this.cursor.nest(() => this.parseBody("}"));
  }

  /** Further bodies of the same rule: `p { … } { … }`. */
  #chained(head: Head, elseRule: Rule | undefined): Rule[] {
    const rules: Rule[] = [];
    while (this.cursor.isSymbol("{")) {
      const start = this.cursor.token;
      if (elseRule) this.cursor.failAt(start, "expected else keyword");
      const body = this.#bracedBody();
      const at = this.cursor.from(start);
      rules.push({
        isDefault: false,
        head: this.#copied(head, at),
        body,
        generatedBody: false,
        elseRule: undefined,
        at,
      });
    }
    return rules;
  }

  /** The head for another body: its `_` arguments are other variables. */
  #copied(head: Head, at: Location): Head {
    const args = head.args?.map((arg) => (isWildcard(arg) ? { ...arg, name: this.cursor.wildcard() } : arg));
    return { ...head, args, at };
  }

  #findElse(head: Head): Rule | undefined {
    if (!this.cursor.isKeyword("else")) return undefined;
    const { token } = this.cursor;
    if (head.ref.slice(1).some((term) => term.kind !== "scalar")) {
      this.cursor.failAt(token, "else keyword cannot be used on rules with variables in head");
    }
    if (head.element) this.cursor.failAt(token, "else keyword cannot be used on multi-value rules");
    return this.cursor.nest(() => this.#else(head));
  }

  #else(head: Head): Rule {
    const start = this.cursor.take();
    const copy = this.#copied({ ...head, keywords: [] }, this.cursor.from(start));
    const valued = { ...this.#elseValue(copy), at: this.cursor.from(start) };
    const hasIf = this.cursor.isKeyword("if");
    const hasBody = hasIf || this.cursor.isSymbol("{");
    const body = hasBody ? this.#elseBody(hasIf) : trueBody(this.cursor.from(start));
    const keywords: Keywords = hasIf ? ["if"] : [];
    const elseRule = this.cursor.isKeyword("else") ? this.cursor.nest(() => this.#else(head)) : undefined;
    const at = this.cursor.from(start);
    return { isDefault: false, head: { ...valued, keywords }, body, generatedBody: !hasBody, elseRule, at };
  }

  #elseBody(hasIf: boolean): Body {
    if (!hasIf) return this.#bracedBody();
    if (this.cursor.following.text !== "{") {
      this.cursor.take();
      if (this.cursor.token.kind === "end") this.cursor.fail("rule body expected");
      return [this.parseExpr()];
    }
    this.cursor.take();
    return this.#bracedBody();
  }

  #elseValue(head: Head): Head {
    if (this.cursor.isSymbol("{") || this.cursor.isKeyword("if")) {
      return { ...head, value: trueTerm(head.at), generatedValue: true };
    }
    const assign = this.cursor.isSymbol(":=");
    if (!assign && !this.cursor.isSymbol("=")) this.cursor.fail("expected else value term or rule body");
    this.cursor.take();
    return { ...head, value: this.parseTerm(), generatedValue: false, assign };
  }

  /** `f() = x` defines no function: it is `f = x`. */
  #head(isDefault: boolean): Head {
    const head = this.#writtenHead(isDefault);
    return head.args?.length === 0 ? { ...head, args: undefined } : head;
  }

  #writtenHead(isDefault: boolean): Head {
    const start = this.cursor.token;
    const term = this.parsePrimary();
    const { ref, args } = this.#named(term);
    const common = { ref, args, element: undefined, assign: false, keywords: [] };
    if (!isDefault && this.cursor.takeIfKeyword("contains")) return this.#contains(common, start);
    const assign = this.cursor.isSymbol(":=");
    if (assign || this.cursor.isSymbol("=")) {
      this.cursor.take();
      const value = this.parseTerm();
      return { ...common, value, assign, generatedValue: false, at: this.cursor.from(start) };
    }
    const at = this.cursor.from(start);
    return { ...common, value: trueTerm(at), generatedValue: true, at };
  }

  #contains(common: Omit<Head, "value" | "generatedValue" | "at">, start: Token): Head {
    const note = "the contains keyword can only be used with multi-value rule definitions";
    if (common.args) this.cursor.fail(note);
    const element = this.parseTerm();
    const at = this.cursor.from(element.at);
    const value = trueTerm(at);
    return {
      ...common,
      element,
      value,
      generatedValue: true,
      keywords: ["contains"],
      at: this.cursor.from(start),
    };
  }

  #named(term: Term): Pick<Head, "ref" | "args"> {
    const named = term.kind === "call" ? term.operator : term;
    const args = term.kind === "call" ? term.args : undefined;
    if (named.kind === "var") return { ref: [named], args };
    if (named.kind !== "ref" || named.head.kind !== "var") return this.cursor.fail("expected rule head name");
    return { ref: [named.head, ...named.path], args };
  }

  /** What a parse gives, or undefined when it fails. */
  protected abstract attempt<Result>(parse: () => Result): Result | undefined;
}

/** In v0, `p[x] { … }` is a partial set. */
function asPartialSet(head: Head): Head {
  const [name, element, ...more] = head.ref;
  if (head.args || head.element || !head.generatedValue || !name || !element || more.length > 0) return head;
  return { ...head, ref: [name], element };
}

function bodyless(head: Head): Rule {
  return {
    isDefault: false,
    head,
    body: trueBody(head.at),
    generatedBody: true,
    elseRule: undefined,
    at: head.at,
  };
}

function trueTerm(at: Location): Term {
  return { kind: "scalar", value: true, at };
}

function trueBody(at: Location): Body {
  return [{ form: "term", term: trueTerm(at), negated: false, with: [], at }];
}

function isWildcard(term: Term): term is VarTerm {
  return term.kind === "var" && term.name.startsWith("$");
}

/** The first reference, variable or call of a value, those inside of comprehensions aside. */
function findDynamic(term: Term): Term | undefined {
  switch (term.kind) {
    case "ref":
    case "var":
    case "call":
      return term;
    case "array":
    case "set":
      return firstOf(term.items);
    case "object":
      return firstOf(term.items.flat());
    default:
      return undefined;
  }
}

function firstOf(terms: readonly Term[]): Term | undefined {
  for (const term of terms) {
    const found = findDynamic(term);
    if (found) return found;
  }
  return undefined;
}
