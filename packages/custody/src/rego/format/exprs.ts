import type {
  Body,
  CallExpr,
  EveryExpr,
  Expr,
  NotExpr,
  SomeExpr,
  SomeInExpr,
  Term,
  With,
} from "../syntax/index.ts";
import { builtinRef } from "../syntax/index.ts";
import { calleeName, refuseArity } from "./calls.ts";
import { braces, closingRow, countLines, infixes } from "./place.ts";
import { TemplatePrinter } from "./templates.ts";

/** Expressions: what a body is made of. */
export abstract class ExprPrinter extends TemplatePrinter {
  /** A body, one expression a line; what stood apart stays apart. */
  protected printBody(body: Body): void {
    const [first] = body;
    if (first) this.placeComments(this.rowOf(first));
    for (const [i, expr] of body.entries()) {
      const before = body[i - 1];
      if (before && this.rowOf(expr) > this.#endRow(before) + 1) this.output.blankLine();
      this.output.startLine();
      this.despiteComments(() => this.printExpr(expr));
      this.output.endLine();
    }
  }

  #endRow(expr: Expr): number {
    return this.rowOf(expr) + countLines(this.slice(this.moved.get(expr) ?? expr.at));
  }

  protected printExpr(expr: Expr): void {
    this.placeComments(this.rowOf(expr));
    if (!this.output.isInLine) this.output.startLine();
    if (expr.negated) this.output.write("not ");
    this.#printForm(expr);
    this.#printWiths(expr);
  }

  #printForm(expr: Expr): void {
    switch (expr.form) {
      case "term":
        return this.printTerm(expr.term);
      case "call":
        return this.#printCallExpr(expr);
      case "some":
        return this.#printSome(expr);
      case "some-in":
        return this.#printSomeIn(expr);
      case "every":
        return this.#printEvery(expr);
      default:
        return this.#printNot(expr);
    }
  }

  #printCallExpr(expr: CallExpr): void {
    const { operator, args, at } = expr;
    const name = calleeName(operator);
    if (name === "internal.member_2" || name === "internal.member_3") {
      return this.printMembership(expr, false);
    }
    const infix = infixes.get(name);
    if (infix === undefined) return this.printPlainCall(operator, args);
    const [left, right, result, ...more] = args;
    if (!left || !right || more.length > 0) return refuseArity(name, args, at);
    // `plus(1, 2, x)` is `x = 1 + 2`.
    if (result) this.#printFollowedBy(result, "=");
    this.#printFollowedBy(left, infix);
    this.printTerm(right);
  }

  #printFollowedBy(term: Term, operator: string): void {
    this.printTerm(term);
    this.output.write(` ${operator} `);
  }

  #printSome(expr: SomeExpr): void {
    this.output.write("some ");
    let row = this.rowOf(expr);
    for (const [i, symbol] of expr.symbols.entries()) {
      const at = this.placeOf(symbol);
      if (at.row > row) {
        this.output.endLine();
        this.output.startLine();
        this.output.write("\t");
        row = at.row;
      } else if (i > 0) this.output.write(" ");
      this.printTerm(symbol);
      if (i < expr.symbols.length - 1) this.output.write(",");
    }
  }

  #printSomeIn({ key, value, domain, at }: SomeInExpr): void {
    this.output.write("some ");
    const args = key ? [key, value, domain] : [value, domain];
    this.printMembership({ operator: builtinRef(`internal.member_${args.length}`, at), args, at }, false);
  }

  #printEvery(expr: EveryExpr): void {
    this.output.write("every ");
    if (expr.key) {
      this.printTerm(expr.key);
      this.output.write(", ");
    }
    this.printTerm(expr.value);
    this.output.write(" in ");
    this.printTerm(expr.domain);
    this.output.write(" ");
    this.#printBraced(expr, expr.body);
  }

  #printNot(expr: NotExpr): void {
    this.output.write("not ");
    const [first] = expr.body;
    if (!first) return;
    const isExplicit = first.at.offset > expr.at.offset;
    if (isExplicit) this.#printBraced(expr, expr.body);
    else this.despiteComments(() => this.printExpr(first));
  }

  #printBraced(expr: Expr, body: Body): void {
    this.output.write("{");
    const row = this.rowOf(expr);
    const at = this.moved.get(expr) ?? expr.at;
    const closing = closingRow(this.placedText(at), braces);
    this.despiteComments(() => this.printInnerBody(body, row, closing));
    const [first, ...more] = body;
    if (first && more.length === 0 && this.rowOf(first) === row) this.output.write(" ");
    this.output.write("}");
  }

  /** On the line that the expression ends on, or each line of them indented. */
  #printWiths(expr: Expr): void {
    const [first, ...more] = expr.with;
    if (!first) return;
    let lastRow = this.#termsEndRow(expr, first);
    const isSameLine = this.rowOf(first) === lastRow;
    if (isSameLine) this.#printWith(first, false);
    let isIndented = false;
    try {
      for (const one of isSameLine ? more : expr.with) {
        const breaks = this.rowOf(one) > lastRow;
        if (breaks && !isIndented) this.output.indent();
        isIndented ||= breaks;
        if (breaks) {
          this.output.endLine();
          this.output.startLine();
          lastRow = this.rowOf(one);
        }
        this.#printWith(one, breaks);
      }
    } finally {
      if (isIndented) this.output.outdent();
    }
  }

  #termsEndRow(expr: Expr, first: With): number {
    const { offset } = expr.at;
    return this.rowOf(expr) + countLines(this.slice({ offset, end: first.at.offset }).trimEnd());
  }

  #printWith(one: With, isOnNewLine: boolean): void {
    this.placeComments(this.rowOf(one));
    this.output.write(isOnNewLine ? "with " : " with ");
    this.printTerm(one.target);
    this.output.write(" as ");
    this.despiteComments(() => this.printTerm(one.value));
  }
}
