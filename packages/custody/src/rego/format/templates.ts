import type { Expr, ScalarTerm, TemplateTerm } from "../syntax/index.ts";
import { templateText } from "./strings.ts";
import { TermPrinter } from "./terms.ts";

/** An expression within a template. */
interface Slot {
  readonly template: TemplateTerm;
  readonly expr: Expr;
  readonly next: string | Expr | undefined;
  /** Where the brace after the expression before it stands, or the template begins. */
  readonly start: number;
}

/** Templates: `$"text {expr}"`. */
export abstract class TemplatePrinter extends TermPrinter {
  protected printTemplate(template: TemplateTerm): void {
    const { multiLine, parts } = template;
    const delimiter = multiLine ? "`" : '"';
    this.output.write(`$${delimiter}`);
    let start = template.at.offset;
    for (const [i, part] of parts.entries()) {
      if (typeof part === "string") this.output.write(templateText(part, multiLine));
      else this.#printSlot({ template, expr: part, next: parts[i + 1], start });
      if (typeof part !== "string") start = this.offsetAfter(part.at);
    }
    this.output.write(delimiter);
  }

  #printSlot(slot: Slot): void {
    const constant = this.#findConstant(slot);
    if (constant) return this.output.write(this.#constantText(constant, slot.template.multiLine));
    this.output.write("{");
    this.output.indent();
    this.#writeLeadingComments(slot.expr);
    this.printExpr(slot.expr);
    this.#writeTrailingComments(slot);
    this.output.write("}");
    this.output.outdent();
  }

  /** A constant becomes part of the text, unless it has a comment. */
  #findConstant({ expr, start }: Slot): ScalarTerm | undefined {
    if (expr.form !== "term" || expr.term.kind !== "scalar") return undefined;
    return this.comments.hasWithin(start, expr.at.offset) ? undefined : expr.term;
  }

  #constantText(term: ScalarTerm, isRaw: boolean): string {
    return typeof term.value === "string" ? templateText(term.value, isRaw) : this.scalarText(term);
  }

  #writeLeadingComments(expr: Expr): void {
    if (this.output.waiting) {
      this.output.endLine();
      this.output.startLine();
      return;
    }
    const comments = this.comments.takeBefore(this.rowOf(expr));
    if (comments.length === 0) return;
    this.output.write(" ");
    this.output.stayInLine();
    this.writeComments(comments);
  }

  #writeTrailingComments({ expr, next }: Slot): void {
    if (next === undefined) return;
    const row = typeof next === "string" ? this.rowAfter(expr.at) : this.rowOf(next);
    const comments = this.comments.takeBefore(row);
    if (comments.length === 0) return;
    this.output.endLine();
    this.writeComments(comments);
    this.output.startLine();
  }
}
