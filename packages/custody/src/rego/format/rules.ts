import type { Location, Rule, Term } from "../syntax/index.ts";
import { ExprPrinter } from "./exprs.ts";
import { isConstant, shapeOf } from "./head-shape.ts";
import type { HeadShape } from "./head-shape.ts";
import { braces, brackets, closingRow, countLines, parentheses } from "./place.ts";
import type { Pair } from "./place.ts";
import { termString } from "./term-string.ts";

/** How a head is written. */
interface HeadLayout {
  readonly rule: Rule;
  readonly at: Location;
  readonly isElse: boolean;
  readonly isConstant: boolean;
}

/** Rules, with a blank line between those that are not one line each. */
export abstract class RulePrinter extends ExprPrinter {
  protected printRules(rules: readonly Rule[]): void {
    for (const [i, rule] of rules.entries()) {
      this.despiteComments(() => this.placeComments(rule.at.row));
      this.despiteComments(() => this.#printRule(rule, false));
      if (!this.#goesOn(rule, rules[i + 1])) this.output.blankLine();
    }
  }

  /** Two rules of a line each, one directly below the other. */
  #goesOn(rule: Rule, next: Rule | undefined): boolean {
    if (!next || next.at.row !== rule.at.row + 1) return false;
    return this.#isOneLiner(rule) && this.#isOneLiner(next);
  }

  #isOneLiner(rule: Rule): boolean {
    return rule.body.length <= 1 && !rule.isDefault && this.#usesIf(shapeOf(rule));
  }

  #usesIf({ value }: HeadShape): boolean {
    return this.style.usesIf && (this.style.usesContains || value !== undefined);
  }

  #printRule(rule: Rule, isElse: boolean): void {
    if (!isElse) this.output.startLine();
    if (rule.isDefault) this.output.write("default ");
    const isWhole = isConstant(rule);
    this.keepsLastComment = isWhole;
    const at = this.#headPlace(rule, isElse);
    const isLaidOut = this.despiteComments(() => this.#printHead({ rule, at, isElse, isConstant: isWhole }));
    if (isWhole) return this.output.endLine();
    this.keepsLastComment = true;
    if (this.#usesIf(shapeOf(rule)) && this.#printIf(rule, at)) return;
    this.#printBlockBody(rule, isLaidOut);
    if (rule.elseRule) this.#printElse(rule, rule.elseRule);
  }

  /** Where the head stands, as far as it is laid out by lines: a default's begins after its keyword. */
  #headPlace(rule: Rule, isElse: boolean): Location {
    if (!isElse && isFurtherBody(rule, this.slice(rule.at))) this.#moveAll(rule.head, rule.head.at);
    if (!isElse && rule.generatedBody && !rule.head.generatedValue) return rule.at;
    const [name] = rule.head.ref;
    return rule.isDefault && name ? { ...name.at, end: rule.at.end } : rule.head.at;
  }

  /** `if`, and what follows when that is one expression on the same line. */
  #printIf(rule: Rule, head: Location): boolean {
    this.output.write(" if");
    const [expr, ...more] = rule.body;
    const headEndRow = head.row + countLines(this.slice(head));
    if (!expr || more.length > 0 || this.rowOf(expr) !== headEndRow) return false;
    this.output.write(" ");
    this.despiteComments(() => this.printExpr(expr));
    this.output.endLine();
    if (rule.elseRule) this.#printElse(rule, rule.elseRule);
    return true;
  }

  #printBlockBody(rule: Rule, isHeadLaidOut: boolean): void {
    this.output.write(" {");
    if (isHeadLaidOut || this.comments.next === undefined) this.output.endLine();
    else this.output.write(" ");
    this.output.indent();
    this.despiteComments(() => this.printBody(rule.body));
    this.placeComments(closingRow(this.placedText(rule.at), braces, pairOfHead(shapeOf(rule))));
    this.output.outdent();
    this.output.startLine();
    this.output.write("}");
  }

  /** `else` stays on the line of the brace before it, or apart, as it was written. */
  #printElse(rule: Rule, elseRule: Rule): void {
    const { at } = elseRule.head;
    const isInline = this.#isElseInline(rule, elseRule);
    const next = this.comments.next?.row ?? Infinity;
    const hasCommentAbove = next < at.row || this.output.waiting !== undefined;
    if (!hasCommentAbove && isInline) this.output.write(" ");
    else {
      this.output.blankLine();
      this.output.startLine();
    }
    this.placeComments(at.row);
    if (hasCommentAbove && !isInline) this.output.startLine();
    this.#moveElse(elseRule);
    this.#printRule(elseRule, true);
  }

  #isElseInline(rule: Rule, elseRule: Rule): boolean {
    const distance = elseRule.at.row - rule.at.row;
    const line = distance > 0 ? this.slice(rule.at).split("\n")[distance] : undefined;
    return line !== undefined && !line.trim().startsWith("else");
  }

  /** OPA has the value of an `else`, and a body without braces, stand where the `else` does. */
  #moveElse({ head, body, at }: Rule): void {
    this.moved.set(head.value, head.at);
    const [expr] = body;
    const hasNoBraces =
      expr !== undefined && !this.slice({ offset: head.at.end, end: expr.at.offset }).includes("{");
    if (hasNoBraces) this.#moveAll(body, at);
  }

  #moveAll(node: unknown, at: Location): void {
    if (typeof node !== "object" || node === null) return;
    this.moved.set(node, at);
    this.requoted.add(node);
    for (const child of Object.values(node)) this.#moveAll(child, at);
  }

  #printHead(layout: HeadLayout): void {
    const shape = shapeOf(layout.rule);
    const [name, second] = shape.ref;
    if (layout.isElse) this.#printElseWord(layout.at);
    else if (!name) return;
    else if (!second || this.style.usesRefHeads) {
      this.printRef({ kind: "ref", head: name, path: shape.ref.slice(1), at: name.at });
    } else {
      if (this.comments.next?.row === this.placeOf(second).row) return this.writeAsWritten(layout.at);
      this.output.write(`${this.varTextOf(name)}[${this.#stringOf(second)}]`);
    }
    if (!layout.isElse) this.#printArgs(shape.args, layout.at);
    this.#printKey(shape);
    this.#printValue(shape, layout);
  }

  #printElseWord(at: Location): void {
    this.placeComments(at.row);
    this.output.write("else");
  }

  protected varTextOf(term: Term): string {
    return term.kind === "var" ? this.varText(term.name) : this.#stringOf(term);
  }

  #stringOf(term: Term): string {
    return termString(term, { slice: (at) => this.slice(at), varText: (name) => this.varText(name) });
  }

  #printArgs(args: readonly Term[], at: Location): void {
    if (args.length === 0) return;
    this.output.write("(");
    const around = { at, closingRow: closingRow(this.placedText(at), parentheses) };
    try {
      this.printItems(
        args.map((arg) => this.listed(arg)),
        around,
      );
    } finally {
      this.output.write(")");
    }
  }

  #printKey({ key, value }: HeadShape): void {
    if (!key || value) return;
    this.output.write(this.style.usesContains ? " contains " : "[");
    this.printTerm(key);
    if (!this.style.usesContains) this.output.write("]");
  }

  #printValue({ key, value, args, hidesTrue }: HeadShape, { rule, isElse, ...layout }: HeadLayout): void {
    if (!value) return;
    const isTrue = value.kind === "scalar" && value.value === true;
    if (!key && isTrue && !layout.isConstant && !rule.isDefault) return;
    const isHidden = hidesTrue || (!isElse && this.moved.has(value));
    const isConstantOfV1 = this.style.isV1 && layout.isConstant && !key && args.length === 0;
    if (isHidden && !isElse && isTrue && !isConstantOfV1) return;
    this.output.write(rule.head.assign || this.style.isV1 ? " := " : " = ");
    this.printTerm(value);
  }
}

/** `p { … } { … }`: the second body is a rule whose head is written above it. */
function isFurtherBody(rule: Rule, text: string): boolean {
  return text.startsWith("{") && rule.head.at.offset === rule.at.offset;
}

function pairOfHead({ args, key }: HeadShape): Pair | undefined {
  if (args.length > 0) return parentheses;
  return key ? brackets : undefined;
}
