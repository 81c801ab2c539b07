import type { Body, CallTerm, Expr, ObjectItem, RefTerm, TemplateTerm, Term, VarTerm } from "./ast.ts";
import type { Cursor, Place } from "./cursor.ts";
import { RegoDiagnostics } from "./diagnostics.ts";
import { parseNumberToken, parseStringToken, parseTemplateToken } from "./literals.ts";
import type { Location } from "./location.ts";
import type { Token } from "./token.ts";

/** The binary operators from the loosest to the tightest, with the builtins that they call. */
const operators: readonly Readonly<Record<string, string>>[] = [
  { "==": "equal", "!=": "neq", "<": "lt", ">": "gt", "<=": "lte", ">=": "gte" },
  { "|": "or" },
  { "&": "and" },
  { "+": "plus", "-": "minus" },
  { "*": "mul", "/": "div", "%": "rem" },
];

/** Names of documents that are references even when they stand alone. */
const rootDocuments: ReadonlySet<string> = new Set(["data", "input"]);

type Start = Pick<Token, "row" | "col" | "offset">;

/** Terms: what can stand on one side of an operator. Bodies inside of them are the subclass's. */
export abstract class TermParser {
  protected readonly cursor: Cursor;
  /** Composite terms that were read, by their first token: a text is read again at most once. */
  readonly #read = new Map<number, { readonly term: Term; readonly next: Place }>();

  constructor(cursor: Cursor) {
    this.cursor = cursor;
  }

  /** Expressions up to a closing symbol, which is taken. */
  protected abstract parseBody(closing: string): Body;
  protected abstract parseTemplateExpr(): Expr;
  /** Templates came after the language before OPA 1.0: whatever a module of that imports, it has none. */
  protected abstract get hasTemplates(): boolean;

  /** A term with operators, `key, value in domain` included. */
  parseTerm(): Term {
    return this.cursor.nest(() => this.#membership(undefined, true));
  }

  /** A term in a list, where a comma separates. */
  parseListed(first?: Term): Term {
    return this.cursor.nest(() => this.#membership(first, false));
  }

  #membership(first: Term | undefined, mayHaveKey: boolean): Term {
    const start = first?.at ?? this.cursor.token;
    let left = this.#binary(0, first);
    const withKey = mayHaveKey && this.cursor.isSymbol(",") ? this.#findKeyed(left, start) : undefined;
    left = withKey ?? left;
    while (this.cursor.isKeyword("in")) {
      const operator = this.#operator("internal.member_2", this.cursor.take());
      const domain = this.#binary(0);
      left = this.#call(operator, [left, domain], start);
    }
    return left;
  }

  /** `key, value in domain`; undefined, with nothing taken, when the comma means something else. */
  #findKeyed(key: Term, start: Start): Term | undefined {
    const { place } = this.cursor;
    this.cursor.take();
    const value = this.#tryParse(() => this.#binary(0));
    if (value === undefined || !this.cursor.isKeyword("in")) {
      this.cursor.goTo(place);
      return undefined;
    }
    const operator = this.#operator("internal.member_3", this.cursor.take());
    const domain = this.#binary(0);
    return this.#call(operator, [key, value, domain], start);
  }

  #tryParse<Result>(parse: () => Result): Result | undefined {
    try {
      return parse();
    } catch (error) {
      if (error instanceof RegoDiagnostics) return undefined;
      throw error;
    }
  }

  #binary(level: number, first?: Term): Term {
    const table = operators[level];
    if (table === undefined) return first ?? this.parsePrimary();
    const start = first?.at ?? this.cursor.token;
    let left = this.#binary(level + 1, first);
    for (;;) {
      const builtin = this.cursor.token.kind === "symbol" ? table[this.cursor.token.text] : undefined;
      if (builtin === undefined) return left;
      const operator = this.#operator(builtin, this.cursor.take());
      left = this.#call(operator, [left, this.#binary(level + 1)], start);
    }
  }

  #operator(builtin: string, token: Token): RefTerm {
    const at = this.cursor.from(token);
    return builtinRef(builtin, at);
  }

  #call(operator: RefTerm, args: readonly Term[], start: Start): CallTerm {
    return { kind: "call", operator, args, at: this.cursor.from(start) };
  }

  /** A term without operators. */
  parsePrimary(): Term {
    return this.cursor.nest(() => this.#finish(this.#primary()));
  }

  /** A name, whether it is a keyword or not, and what follows it. */
  protected parseNamed(): Term {
    return this.cursor.nest(() => this.#finish(this.parseVar()));
  }

  #primary(): Term {
    const { token } = this.cursor;
    switch (token.kind) {
      case "number":
        return parseNumberToken(this.cursor);
      case "string":
      case "raw-string":
        return parseStringToken(this.cursor);
      case "word":
        return this.#word();
      case "symbol":
        return this.#symbol(token);
      case "end":
        return this.cursor.fail();
      default:
        return this.#template();
    }
  }

  #word(): Term {
    if (this.cursor.isName()) return this.parseVar();
    const { text } = this.cursor.token;
    if (text !== "null" && text !== "true" && text !== "false") this.cursor.fail();
    const at = this.cursor.from(this.cursor.take());
    return { kind: "scalar", value: text === "null" ? null : text === "true", at };
  }

  /** A variable; each `_` is one of its own. */
  parseVar(): VarTerm {
    const token = this.cursor.take();
    return {
      kind: "var",
      name: token.text === "_" ? this.cursor.wildcard() : token.text,
      at: this.cursor.from(token),
    };
  }

  #symbol(token: Token): Term {
    switch (token.text) {
      case "-":
        return this.#minus();
      case ".":
        return parseNumberToken(this.cursor);
      case "(":
        return this.#parenthesized();
      case "[":
        return this.#once(() => this.#array());
      case "{":
        return this.#once(() => this.#braces());
      default:
        return this.cursor.fail();
    }
  }

  /** `-reference` is `0 - reference`; before a number the sign is part of it. */
  #minus(): Term {
    if (this.cursor.following.kind !== "word") return parseNumberToken(this.cursor);
    const token = this.cursor.take();
    const at = this.cursor.from(token);
    if (!this.cursor.isName()) this.cursor.fail();
    const term = this.#finish(this.parseVar());
    return this.#call(builtinRef("minus", at), [{ kind: "scalar", value: 0, at }, term], token);
  }

  #parenthesized(): Term {
    const start = this.cursor.take();
    const term = this.parseTerm();
    if (!this.cursor.takeIfSymbol(")")) this.cursor.failAt(this.cursor.token, "non-terminated expression");
    return { ...term, group: this.cursor.from(start) };
  }

  #once(parse: () => Term): Term {
    const { at } = this.cursor.place;
    const known = this.#read.get(at);
    if (known) {
      this.cursor.goTo(known.next);
      return known.term;
    }
    const term = parse();
    this.#read.set(at, { term, next: this.cursor.place });
    return term;
  }

  /** What follows a term directly: `.name`, `[term]`, `(arguments)`. */
  #finish(head: Term): Term {
    let term: Term = head.kind === "var" && rootDocuments.has(head.name) ? ref(head, [], head.at) : head;
    while (this.cursor.token.kind === "symbol" && !this.cursor.token.spaced) {
      if (this.cursor.isSymbol("(")) term = this.#arguments(term);
      else if (this.cursor.isSymbol(".") || this.cursor.isSymbol("[")) term = this.#path(term);
      else break;
    }
    return term;
  }

  #path(head: Term): RefTerm {
    if (head.kind === "scalar" || head.kind === "template") {
      this.cursor.failAt(head.at, `illegal ref (head cannot be ${termName(head)})`);
    }
    const path = head.kind === "ref" ? [...head.path] : [];
    const base = head.kind === "ref" ? head.head : head;
    while (this.cursor.token.kind === "symbol" && !this.cursor.token.spaced) {
      if (this.cursor.takeIfSymbol(".")) path.push(this.#field());
      else if (this.cursor.takeIfSymbol("[")) path.push(this.#index());
      else break;
    }
    return ref(base, path, this.cursor.from(head.at));
  }

  #field(): Term {
    if (this.cursor.token.kind !== "word" || this.cursor.token.spaced)
      this.cursor.fail("expected identifier");
    const token = this.cursor.take();
    return { kind: "scalar", value: token.text, at: this.cursor.from(token) };
  }

  #index(): Term {
    const term = this.parseTerm();
    this.cursor.expect("]", "expected [");
    return term;
  }

  #arguments(operator: Term): Term {
    const callee = asRef(operator);
    if (callee === undefined) return this.cursor.fail();
    this.cursor.take();
    if (isSetConstructor(callee) && this.cursor.takeIfSymbol(")")) {
      return { kind: "set", items: [], at: this.cursor.from(operator.at) };
    }
    const args = this.#list(")", []);
    return this.#call(callee, args, operator.at);
  }

  /** Terms up to a closing symbol, which is taken; a comma may come before it. */
  #list(closing: string, before: readonly Term[]): Term[] {
    const terms = [...before];
    while (!this.cursor.isSymbol(closing)) {
      terms.push(this.parseListed());
      if (!this.cursor.takeIfSymbol(",")) break;
    }
    this.cursor.expect(closing, `expected "," or "${closing}"`);
    return terms;
  }

  #array(): Term {
    const start = this.cursor.take();
    const led = this.cursor.takeIfSymbol(",") !== undefined;
    if (!led && this.cursor.takeIfSymbol("]"))
      return { kind: "array", items: [], at: this.cursor.from(start) };
    const head = this.parsePrimary();
    const body = led ? undefined : this.#findComprehensionBody("]");
    if (body) return { kind: "array-comprehension", item: head, body, at: this.cursor.from(start) };
    const items = this.#rest(this.parseListed(head), "]");
    return { kind: "array", items, at: this.cursor.from(start) };
  }

  #rest(first: Term, closing: string): readonly Term[] {
    if (this.cursor.takeIfSymbol(",")) return this.#list(closing, [first]);
    this.cursor.expect(closing, `expected "," or "${closing}"`);
    return [first];
  }

  /** After `|`: a body, unless a comma shows that `|` was an operator. Nothing is taken when there is none. */
  #findComprehensionBody(closing: string): Body | undefined {
    const { place } = this.cursor;
    if (!this.cursor.takeIfSymbol("|")) return undefined;
    try {
      return this.parseBody(closing);
    } catch (error) {
      if (!(error instanceof RegoDiagnostics) || !this.cursor.isSymbol(",")) throw error;
      this.cursor.goTo(place);
      return undefined;
    }
  }

  #braces(): Term {
    const start = this.cursor.take();
    const led = this.cursor.takeIfSymbol(",") !== undefined;
    if (!led && this.cursor.takeIfSymbol("}"))
      return { kind: "object", items: [], at: this.cursor.from(start) };
    const head = this.parsePrimary();
    const body = led ? undefined : this.#findComprehensionBody("}");
    if (body) return { kind: "set-comprehension", item: head, body, at: this.cursor.from(start) };
    const first = this.parseListed(head);
    if (this.cursor.takeIfSymbol(":")) return this.#object(start, first, led);
    return { kind: "set", items: this.#rest(first, "}"), at: this.cursor.from(start) };
  }

  #object(start: Token, key: Term, led: boolean): Term {
    const head = this.parsePrimary();
    const body = led ? undefined : this.#findComprehensionBody("}");
    if (body) return { kind: "object-comprehension", key, value: head, body, at: this.cursor.from(start) };
    const items: ObjectItem[] = [[key, this.parseListed(head)]];
    while (this.cursor.takeIfSymbol(",") && !this.cursor.isSymbol("}")) items.push(this.#objectItem());
    this.cursor.expect("}", 'expected "," or "}"');
    return { kind: "object", items, at: this.cursor.from(start) };
  }

  #objectItem(): ObjectItem {
    const key = this.parseListed();
    this.cursor.expect(":", 'expected ":"');
    return [key, this.parseListed()];
  }

  #template(): TemplateTerm {
    const start = this.cursor.token;
    if (!this.hasTemplates)
      this.cursor.failAt(start, "template strings are not supported by current capabilities");
    const parts: (string | Expr)[] = [];
    for (;;) {
      const token = this.cursor.take();
      const text = parseTemplateToken(this.cursor, token);
      if (text !== "") parts.push(text);
      if (token.kind.endsWith("template-end")) break;
      parts.push(this.parseTemplateExpr());
      this.cursor.expect("}", "expected } to end template string expression");
    }
    return { kind: "template", multiLine: start.kind.startsWith("raw"), parts, at: this.cursor.from(start) };
  }
}

function ref(head: Term, path: readonly Term[], at: Location): RefTerm {
  return { kind: "ref", head, path, at };
}

/** The reference that names a builtin: `internal.member_2`. */
export function builtinRef(name: string, at: Location): RefTerm {
  const [first = "", ...rest] = name.split(".");
  const path = rest.map((part): Term => ({ kind: "scalar", value: part, at }));
  return ref({ kind: "var", name: first, at }, path, at);
}

function asRef(term: Term): RefTerm | undefined {
  if (term.kind === "ref") return term;
  return term.kind === "var" ? ref(term, [], term.at) : undefined;
}

function isSetConstructor({ head, path }: RefTerm): boolean {
  return path.length === 0 && head.kind === "var" && head.name === "set";
}

/** What OPA calls the kind of a term. */
export function termName(term: Term): string {
  if (term.kind === "array-comprehension") return "arraycomprehension";
  if (term.kind === "set-comprehension") return "setcomprehension";
  if (term.kind === "object-comprehension") return "objectcomprehension";
  if (term.kind === "template") return "templatestring";
  return term.kind === "scalar" ? scalarName(term.value) : term.kind;
}

function scalarName(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? "number" : typeof value;
}
