import type {
  Body,
  CallExpr,
  EveryExpr,
  Expr,
  NotExpr,
  SomeExpr,
  SomeInExpr,
  Term,
  VarTerm,
  With,
} from "./ast.ts";
import { RegoDiagnostics } from "./diagnostics.ts";
import { builtinRef, TermParser } from "./terms.ts";
import type { Token } from "./token.ts";

/** Expressions: what a body is made of. */
export abstract class ExprParser extends TermParser {
  /** `not { body }` is known (`import future.keywords.not`). */
  protected notBodies = false;

  /** Expressions up to a closing symbol, which is taken. */
  protected parseBody(closing: string): Body {
    if (this.cursor.isSymbol(closing)) this.cursor.failAt(this.cursor.token, "found empty body");
    const body = [this.parseExpr()];
    while (!this.cursor.takeIfSymbol(closing)) {
      if (!this.cursor.takeIfSymbol(";") && !this.cursor.token.onNewLine) {
        this.cursor.fail(`expected \\n or ; or ${closing}`);
      }
      body.push(this.parseExpr());
    }
    return body;
  }

  /** One expression. */
  parseExpr(): Expr {
    return this.cursor.nest(() => this.#expr());
  }

  #expr(): Expr {
    const start = this.cursor.token;
    const negated = this.cursor.takeIfKeyword("not") !== undefined;
    if (negated && this.notBodies) return this.#not(start);
    if (this.cursor.isKeyword("some"))
      return negated ? this.cursor.fail("illegal negation of 'some'") : this.#some();
    if (this.cursor.isKeyword("every"))
      return negated ? this.cursor.fail("illegal negation of 'every'") : this.#every();
    return this.#plain(start, negated);
  }

  #not(start: Token): NotExpr {
    const body = this.cursor.takeIfSymbol("{") ? this.parseBody("}") : [this.#withoutWith(start)];
    return { form: "not", body, negated: false, with: this.#withs(), at: this.cursor.from(start) };
  }

  #plain(start: Token, negated: boolean): Expr {
    const expr = this.#withoutWith(start);
    const modifiers = this.#withs();
    return { ...expr, negated, with: modifiers, at: this.cursor.from(start) };
  }

  #withoutWith(start: Token): Expr {
    const left = this.parseTerm();
    const operator = this.#equality();
    if (operator === undefined) return this.#termExpr(left, start);
    const right = this.parseTerm();
    const at = this.cursor.from(start);
    return { form: "call", operator, args: [left, right], negated: false, with: [], at };
  }

  #equality(): CallExpr["operator"] | undefined {
    const name = this.cursor.isSymbol(":=") ? "assign" : this.cursor.isSymbol("=") ? "eq" : undefined;
    return name && builtinRef(name, this.cursor.from(this.cursor.take()));
  }

  #termExpr(term: Term, start: Token): Expr {
    const common = { negated: false, with: [], at: this.cursor.from(start) };
    if (term.kind === "call") return { form: "call", operator: term.operator, args: term.args, ...common };
    return { form: "term", term, ...common };
  }

  #withs(): With[] {
    const modifiers: With[] = [];
    while (this.cursor.isKeyword("with")) modifiers.push(this.#with());
    return modifiers;
  }

  #with(): With {
    const start = this.cursor.take();
    if (!this.cursor.isName()) this.cursor.fail("expected ident");
    const target = this.parsePrimary();
    if (target.kind !== "ref" && target.kind !== "var") this.cursor.fail("expected with target path");
    if (!this.cursor.takeIfKeyword("as")) this.cursor.fail("expected as keyword");
    const value = this.parseTerm();
    return { target, value, at: this.cursor.from(start) };
  }

  #some(): SomeExpr | SomeInExpr {
    const start = this.cursor.take();
    const { place } = this.cursor;
    const term = this.#findTerm();
    if (term?.kind === "call") return this.#someIn(term, start);
    this.cursor.goTo(place);
    const symbols: VarTerm[] = [];
    do symbols.push(this.#declared());
    while (this.cursor.takeIfSymbol(","));
    return { form: "some", symbols, negated: false, with: [], at: this.cursor.from(start) };
  }

  #findTerm(): Term | undefined {
    try {
      return this.parseTerm();
    } catch (error) {
      if (error instanceof RegoDiagnostics) return undefined;
      throw error;
    }
  }

  #declared(): VarTerm {
    if (!this.cursor.isName()) this.cursor.fail("expected var");
    return this.parseVar();
  }

  #someIn(term: Term, start: Token): SomeInExpr {
    const found = membershipOf(term);
    if (found === undefined) return this.cursor.fail("expected `x in xs` or `x, y in xs` expression");
    return { form: "some-in", ...found, negated: false, with: this.#withs(), at: this.cursor.from(start) };
  }

  #every(): EveryExpr {
    const start = this.cursor.take();
    const found = membershipOf(this.parseTerm());
    if (found === undefined) return this.cursor.fail("expected `x[, y] in xs { ... }` expression");
    const { key, value, domain } = found;
    if (key !== undefined && key.kind !== "var") return this.cursor.fail("expected key to be a variable");
    if (value.kind !== "var") return this.cursor.fail("expected value to be a variable");
    if (!this.cursor.takeIfSymbol("{")) this.cursor.fail("missing body");
    const body = this.parseBody("}");
    const modifiers = this.#withs();
    const at = this.cursor.from(start);
    return { form: "every", key, value, domain, body, negated: false, with: modifiers, at };
  }

  protected parseTemplateExpr(): Expr {
    const expr = this.parseExpr();
    const { at } = expr;
    if (expr.negated || expr.form === "not") {
      this.cursor.failAt(at, "unexpected negation ('not') in template-string expression");
    }
    if (expr.form === "call") this.#refuseEquality(expr);
    if (expr.form === "every" || expr.form === "some" || expr.form === "some-in") {
      this.cursor.failAt(
        at,
        `unexpected '${expr.form === "every" ? "every" : "some"}' in template-string expression`,
      );
    }
    return expr;
  }

  #refuseEquality({ operator, at }: CallExpr): void {
    const name = operator.head.kind === "var" && operator.path.length === 0 ? operator.head.name : "";
    if (name === "eq") this.cursor.failAt(at, "unexpected unification ('=') in template-string expression");
    if (name === "assign")
      this.cursor.failAt(at, "unexpected assignment (':=') in template-string expression");
  }
}

interface Membership {
  readonly key: Term | undefined;
  readonly value: Term;
  readonly domain: Term;
}

/** The parts of `value in domain` and `key, value in domain`. */
function membershipOf(term: Term): Membership | undefined {
  if (term.kind !== "call" || term.operator.head.kind !== "var" || term.operator.head.name !== "internal")
    return undefined;
  const [first, second, third] = term.args as [Term, Term, Term | undefined];
  return third
    ? { key: first, value: second, domain: third }
    : { key: undefined, value: first, domain: second };
}
