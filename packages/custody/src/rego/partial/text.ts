import type { Builtin } from "../builtins/builtin.ts";
import { isArray, isNumber, isObject, isSet, numberText, objectEntries } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import type { SupportRule } from "./support.ts";
import type { Body, Expr, Operator, Term, With } from "./terms.ts";

const name = /^[A-Za-z_][A-Za-z0-9_]*$/;
const keywords = new Set(
  "as contains data default else every false if import in input not null package set some true with".split(
    " ",
  ),
);

/** Writes what a partial evaluation has left as Rego. */
export class RegoText {
  readonly #builtins: ReadonlyMap<string, Builtin>;

  constructor(builtins: ReadonlyMap<string, Builtin>) {
    this.#builtins = builtins;
  }

  /** One expression a line. */
  body(body: Body): string {
    return body.map((expr) => this.#expr(expr)).join("\n");
  }

  rule(rule: SupportRule): string {
    const ref = rule.name + rule.path.map((part) => this.#part(part)).join("");
    const args = rule.args ? `(${this.#terms(rule.args)})` : "";
    const isPlain = rule.yields.kind === "known" && rule.yields.value === true && !rule.isDefault;
    const value = isPlain && rule.path.length === 0 ? "" : ` := ${this.term(rule.yields)}`;
    const head = rule.isMember ? `${ref} contains ${this.term(rule.yields)}` : ref + args + value;
    if (rule.isDefault) return `default ${head}`;
    const [only, ...more] = rule.body;
    if (!only) return `${head} if true`;
    const body = more.length > 0 ? `{\n${this.body(rule.body)}\n}` : this.#expr(only);
    return `${head} if ${body}`;
  }

  package(path: readonly string[]): string {
    const [first = "", ...rest] = path;
    return `package ${first}${rest.map((part) => this.#key(part)).join("")}`;
  }

  #expr(expr: Expr): string {
    const withs = expr.with.map((one) => this.#with(one)).join("");
    return `${expr.negated ? "not " : ""}${this.#plain(expr)}${withs}`;
  }

  #plain(expr: Expr): string {
    switch (expr.form) {
      case "term":
        return this.term(expr.term);
      case "call":
        return this.#call(expr.operator, expr.args);
      case "every": {
        const key = expr.key ? `${expr.key.name}, ` : "";
        return `every ${key}${expr.value.name} in ${this.#operand(expr.domain)} { ${this.#line(expr.body)} }`;
      }
      default:
        // What `not { … }` says, without the import that it needs.
        return `count([true | ${this.#line(expr.body)}]) == 0`;
    }
  }

  #line(body: Body): string {
    return body.map((expr) => this.#expr(expr)).join("; ");
  }

  #with({ target, value }: With): string {
    const shown = value.kind === "function" ? this.#operator(value.operator) : this.term(value);
    return ` with ${this.#operator(target)} as ${shown}`;
  }

  #call(operator: Operator, args: readonly Term[]): string {
    const infix = this.#infixOf(operator);
    const [a, b, c, ...more] = args;
    if (infix === undefined || !a || !b || more.length > 0) return this.#prefixed(operator, args);
    if (c && levelOf(infix) < 2) return this.#prefixed(operator, args);
    const made = `${this.#operand(a, infix)} ${infix} ${this.#operand(b, infix, true)}`;
    return c ? `${this.#operand(c, "=")} = ${made}` : made;
  }

  #prefixed(operator: Operator, args: readonly Term[]): string {
    return `${this.#operator(operator)}(${this.#terms(args)})`;
  }

  #infixOf(operator: Operator): string | undefined {
    return this.#builtins.get(operator.join("."))?.infix;
  }

  #operator([first = "", ...rest]: Operator): string {
    return first + rest.map((part) => this.#key(part)).join("");
  }

  #terms(terms: readonly Term[]): string {
    return terms.map((term) => this.#operand(term)).join(", ");
  }

  /** A term beside an operator, or in a list: in parentheses where it would be read in another way without. */
  #operand(term: Term, beside = "|", isRight = false): string {
    const infix = term.kind === "call" ? this.#infixOf(term.operator) : undefined;
    if (infix === undefined) return this.term(term);
    const [inner, outer] = [levelOf(infix), levelOf(beside)];
    return inner < outer || (inner === outer && (isRight || beside === "|"))
      ? `(${this.term(term)})`
      : this.term(term);
  }

  term(term: Term): string {
    switch (term.kind) {
      case "known":
        return valueText(term.value);
      case "var":
        return term.name;
      case "ref":
        return this.#operand(term.head) + term.path.map((part) => this.#part(part)).join("");
      case "array":
        return `[${this.#terms(term.items)}]`;
      case "set":
        return `{${this.#terms(term.items)}}`;
      case "object":
        return `{${term.items.map((item) => item.map((one) => this.#operand(one)).join(": ")).join(", ")}}`;
      case "call":
        return this.#call(term.operator, term.args);
      default: {
        const yields = term.yields.map((one) => this.#operand(one)).join(": ");
        const [open, close] = term.makes === "array" ? "[]" : "{}";
        return `${open}${yields} | ${this.#line(term.body)}${close}`;
      }
    }
  }

  #part(part: Term): string {
    return part.kind === "known" && typeof part.value === "string"
      ? this.#key(part.value)
      : `[${this.term(part)}]`;
  }

  #key(key: string): string {
    return name.test(key) && !keywords.has(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  }
}

/** How tightly operators bind. */
const levels: readonly (readonly string[])[] = [
  ["=", ":="],
  ["in"],
  ["==", "!=", "<", "<=", ">", ">="],
  ["|"],
  ["&"],
  ["+", "-"],
  ["*", "/", "%"],
];

function levelOf(infix: string): number {
  return levels.findIndex((operators) => operators.includes(infix));
}

function valueText(value: RegoValue): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (isNumber(value)) return numberText(value);
  if (isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (isSet(value)) return value.size === 0 ? "set()" : `{${value.sorted().map(valueText).join(", ")}}`;
  if (!isObject(value)) return "";
  return `{${objectEntries(value)
    .map((entry) => entry.map(valueText).join(": "))
    .join(", ")}}`;
}
