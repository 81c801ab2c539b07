import type {
  Body,
  CallTerm,
  Comprehension,
  Expr,
  Location,
  ObjectComprehension,
  ObjectTerm,
  RefTerm,
  ScalarTerm,
  TemplateTerm,
  Term,
} from "../syntax/index.ts";
import { quote } from "../values/index.ts";
import { distinctEntries, distinctTerms } from "./distinct.ts";
import { CommentInTheWay } from "./comments.ts";
import { groupByLine } from "./items.ts";
import type { Item } from "./items.ts";
import { braces, brackets, closingRow, infixes, parentheses } from "./place.ts";
import type { Pair } from "./place.ts";
import { Printer } from "./printer.ts";
import { isName } from "./strings.ts";
import { calleeName, refuseArity } from "./calls.ts";

/** Where a list stands. */
interface Around {
  readonly at: Location;
  readonly closingRow: number;
}

/** What is called with what. */
export type Operation = Pick<CallTerm, "operator" | "args" | "at">;

/** Terms, over the lines that they were written over. */
export abstract class TermPrinter extends Printer {
  protected abstract printBody(body: Body): void;
  protected abstract printExpr(expr: Expr): void;
  protected abstract printTemplate(term: TemplateTerm): void;

  /** A term; when a comment stands in its way, it stays as it was written, and the comment is thrown on. */
  protected printTerm(term: Term): void {
    this.orAsWritten(this.placeOf(term), () => this.printOperand(term, false));
  }

  /** @param inParentheses an operator that is called here gets parentheses. */
  protected printOperand(term: Term, inParentheses: boolean): void {
    this.placeComments(this.placeOf(term).row);
    this.#continueLine();
    this.#printKind(term, inParentheses);
    this.#continueLine();
  }

  #continueLine(): void {
    if (!this.output.isInLine) this.output.startLine();
  }

  #printKind(term: Term, inParentheses: boolean): void {
    switch (term.kind) {
      case "scalar":
        return this.output.write(this.scalarText(term));
      case "var":
        return this.output.write(this.varText(term.name));
      case "ref":
        return this.printRef(term);
      case "call":
        return this.#printCall(term, inParentheses);
      case "template":
        return this.printTemplate(term);
      case "object-comprehension":
        return this.#printObjectComprehension(term);
      case "array-comprehension":
        return this.#within(brackets, () => this.#printComprehension(term, term.item, brackets));
      case "set-comprehension":
        return this.#within(braces, () => this.#printComprehension(term, term.item, braces));
      default:
        return this.#printComposite(term);
    }
  }

  #printComposite(term: Term & { kind: "array" | "set" | "object" }): void {
    if (term.kind === "object") return this.#printObject(term);
    if (term.kind === "array") return this.#printList(term, term.items, brackets);
    if (term.items.length > 0) return this.#printList(term, distinctTerms(term.items), braces);
    this.output.write("set()");
    this.placeComments(closingRow(this.placedText(this.placeOf(term)), parentheses));
  }

  protected scalarText(term: ScalarTerm): string {
    const { value } = term;
    if (value === null || typeof value === "boolean") return String(value);
    const written = this.slice(term.at);
    if (typeof value !== "string") return this.#numberText(written);
    const isLiteral = /^["`]/.test(written) && term.group === undefined && !this.requoted.has(term);
    return isLiteral ? written : quote(value);
  }

  /** As written; the zero of a negated reference is not. */
  #numberText(written: string): string {
    return /\d/.test(written) ? written.replaceAll(/\s+|#[^\n]*/g, "") : "0";
  }

  protected varText(name: string): string {
    return this.style.names.get(name) ?? (name.startsWith("$") ? "_" : name);
  }

  #within([open, close]: Pair, print: () => void): void {
    this.output.write(open);
    try {
      print();
    } finally {
      this.output.write(close);
    }
  }

  #printList(term: Term, items: readonly Term[], pair: Pair): void {
    const at = this.placeOf(term);
    const around = { at, closingRow: closingRow(this.placedText(at), pair) };
    this.#within(pair, () =>
      this.printItems(
        items.map((item) => this.listed(item)),
        around,
      ),
    );
  }

  #printObject(term: ObjectTerm): void {
    const at = this.placeOf(term);
    const around = { at, closingRow: closingRow(this.placedText(at), braces) };
    const entries = distinctEntries(term.items).map(([key, value]) => ({
      at: this.placeOf(key),
      node: [key, value],
      print: () => {
        this.#printListed(key);
        this.output.write(": ");
        this.#printListed(value);
      },
    }));
    this.#within(braces, () => this.printItems(entries, around));
  }

  protected listed(term: Term): Item {
    return { at: this.placeOf(term), node: term, print: () => this.#printListed(term) };
  }

  /** `|` in a list keeps its parentheses: it would read as a comprehension's. */
  #printListed(term: Term): void {
    const isUnion = term.kind === "call" && calleeName(term.operator) === "or";
    if (isUnion && this.#opensWithParenthesis(term)) {
      this.#within(parentheses, () => this.printTerm(term));
    } else this.printTerm(term);
  }

  #opensWithParenthesis(term: Term): boolean {
    return this.slice(this.placeOf(term)).startsWith("(");
  }

  /** @throws CommentInTheWay when all would go on one line, but a comment stands between. */
  protected printItems(items: readonly Item[], around: Around): void {
    const lines = groupByLine(items, around.at.row);
    const isSingle = lines.length === 1;
    if (isSingle && this.comments.hasBetween(around.at.row, around.closingRow)) throw new CommentInTheWay();
    const [line = []] = lines;
    if (isSingle && !this.#isLineBroken(items, around)) return this.#printLine(line);
    this.output.holdBack();
    this.output.endLine();
    this.output.indent();
    this.output.startLine();
    for (const [i, one] of lines.entries()) {
      if (i > 0) this.output.startLine();
      this.#printLine(one);
      this.output.write(",");
      this.output.endLine();
    }
    this.placeComments(around.closingRow);
    this.output.outdent();
    this.output.startLine();
  }

  #printLine(items: readonly Item[]): void {
    for (const [i, { print }] of items.entries()) {
      if (i > 0) this.output.write(", ");
      print();
    }
  }

  /** A line ends before the first item. */
  #isLineBroken([first]: readonly Item[], { at }: Around): boolean {
    if (!first) return false;
    const text = this.slice(at);
    const cut = text.indexOf(this.slice(first.at));
    return cut > 0 && text.slice(0, cut).indexOf("\n") > 0;
  }

  protected printRef({ head, path }: RefTerm): void {
    const inParentheses = head.kind === "call" && this.#opensWithParenthesis(head);
    this.printOperand(head, inParentheses);
    for (const term of path) this.#printPathTerm(term);
  }

  #printPathTerm(term: Term): void {
    if (term.kind === "scalar" && typeof term.value === "string") {
      const wasQuoted = this.slice(this.placeOf(term)).startsWith('"');
      return this.output.write(this.fieldText(term.value, wasQuoted));
    }
    if (term.kind === "var") return this.output.write(`[${this.varText(term.name)}]`);
    this.output.write("[");
    if (!this.despiteComments(() => this.printTerm(term))) this.output.write("\n");
    this.output.write("]");
  }

  /** `.name`, or `["name"]` where that has to be; a keyword stays as it was written. */
  protected fieldText(name: string, wasQuoted: boolean): string {
    const needsBrackets = !isName(name) || (wasQuoted && this.style.keywords.has(name));
    return needsBrackets ? `[${quote(name)}]` : `.${name}`;
  }

  #printCall(term: CallTerm, inParentheses: boolean): void {
    const name = calleeName(term.operator);
    if (name === "internal.member_2" || name === "internal.member_3") {
      return this.printMembership(term, true);
    }
    const infix = infixes.get(name);
    if (infix === undefined) return this.printPlainCall(term.operator, term.args);
    const [left, right, ...more] = term.args;
    if (!left || !right || more.length > 0) return refuseArity(name, term.args, term.at);
    const print = (): void => {
      this.printOperand(left, true);
      this.output.write(` ${infix} `);
      this.printOperand(right, true);
    };
    if (inParentheses) this.#within(parentheses, print);
    else print();
  }

  /** `value in domain`, `key, value in domain`. */
  protected printMembership({ operator, args, at }: Operation, inParentheses: boolean): void {
    const name = calleeName(operator);
    const hasKey = name === "internal.member_3";
    const [domain, ...members] = args.toReversed();
    if (!domain || members.length !== (hasKey ? 2 : 1)) {
      return refuseArity(name, args, at);
    }
    const print = (): void => {
      for (const [i, operand] of members.toReversed().entries()) {
        if (i > 0) this.output.write(", ");
        this.printOperand(operand, true);
      }
      this.output.write(" in ");
      this.printOperand(domain, true);
    };
    if (hasKey && inParentheses) this.#within(parentheses, print);
    else print();
  }

  protected printPlainCall(operator: RefTerm, args: readonly Term[]): void {
    this.printRef(operator);
    const around = { at: this.placeOf(operator), closingRow: -1 };
    this.#within(parentheses, () =>
      this.printItems(
        args.map((arg) => this.listed(arg)),
        around,
      ),
    );
  }

  #printObjectComprehension(term: ObjectComprehension): void {
    this.#within(braces, () => {
      const key = this.placeOf(term.key);
      // The value begins no line of its own.
      this.moved.set(term.value, key);
      if (key.row - this.placeOf(term).row > 1) {
        this.output.endLine();
        this.output.startLine();
      }
      this.printTerm(term.key);
      this.output.write(": ");
      this.#printComprehension(term, term.value, braces);
    });
  }

  #printComprehension(term: Comprehension, item: Term, pair: Pair): void {
    const at = this.placeOf(term);
    const itemAt = this.placeOf(item);
    if (itemAt.row > at.row) {
      this.output.endLine();
      this.output.startLine();
    }
    this.printOperand(item, item.kind === "call" && this.#opensWithParenthesis(item));
    this.output.write(" |");
    this.printInnerBody(term.body, itemAt.row, closingRow(this.placedText(at), pair));
  }

  /** A body within brackets: on one line when it was written on one. */
  protected printInnerBody(body: Body, row: number, closing: number): void {
    const items = body.map((expr) => ({
      at: this.moved.get(expr) ?? expr.at,
      node: expr,
      print: () => this.printExpr(expr),
    }));
    const isOnOneLine = groupByLine(items, row).length === 1 && (items[0]?.at.row ?? row) <= row;
    if (!isOnOneLine) return this.#printBlock(body, closing);
    this.output.write(" ");
    for (const [i, { print }] of items.entries()) {
      if (i > 0) this.output.write("; ");
      print();
    }
    this.placeComments(closing);
  }

  #printBlock(body: Body, closing: number): void {
    this.output.endLine();
    this.output.indent();
    try {
      this.printBody(body);
      this.placeComments(closing);
    } finally {
      this.output.outdent();
      this.output.startLine();
    }
  }
}
