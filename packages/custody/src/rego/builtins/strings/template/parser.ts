import type { BuiltinError } from "../../builtin.ts";
import { readStretches, templateError } from "./actions.ts";
import type { Stretch } from "./actions.ts";
import { findLiteral } from "./literals.ts";
import type { Base, Body, Command, Operand, Pipe, Place, TemplateNode } from "./nodes.ts";
import { readTokens } from "./tokens.ts";
import type { Token } from "./tokens.ts";

/** What a template may nest. */
const depthLimit = 200;

/** Parsed templates by name; the whole text is `template`. */
export type Templates = Map<string, Body>;

/** @throws BuiltinError in the words of Go's `text/template`. */
export function parseTemplate(source: string, functions: ReadonlySet<string>): Templates {
  return new TemplateParser(source, functions).parse();
}

/** How a body ended: by `{{end}}`, or by an `{{else …}}` whose tokens follow. */
interface Ending {
  readonly body: Body;
  readonly last: "end" | "else";
}

class TemplateParser {
  readonly #source: string;
  readonly #functions: ReadonlySet<string>;
  readonly #stretches: readonly Stretch[];
  readonly #templates: Templates = new Map();
  #nextStretch = 0;
  #tokens: Token[] = [];
  #next = 0;
  #variables: string[] = ["$"];
  #depth = 0;
  #loops = 0;

  constructor(source: string, functions: ReadonlySet<string>) {
    this.#source = source;
    this.#functions = functions;
    this.#stretches = readStretches(source);
  }

  parse(): Templates {
    const body: TemplateNode[] = [];
    while (this.#nextStretch < this.#stretches.length) body.push(...this.#node(true));
    return this.#templates.set("template", body);
  }

  #error(message: string): BuiltinError {
    const offset = this.#tokens[Math.max(0, this.#next - 1)]?.offset ?? this.#source.length;
    return templateError(this.#source, offset, message);
  }

  /** The next stretch, or what it opens; nothing for empty text and definitions. */
  #node(top: boolean): TemplateNode[] {
    const stretch = this.#stretches[this.#nextStretch++];
    if (!stretch) throw templateError(this.#source, this.#source.length, "unexpected EOF");
    if (stretch.kind === "text") return stretch.text === "" ? [] : [{ kind: "text", text: stretch.text }];
    this.#tokens = readTokens(this.#source, stretch.start, stretch.end);
    this.#next = 0;
    return this.#action(top);
  }

  #action(top: boolean): TemplateNode[] {
    const word = this.#peek()?.kind === "word" ? this.#peek()?.text : undefined;
    switch (word) {
      case "if":
      case "with":
      case "range":
        this.#next++;
        return [this.#control(word)];
      case "define":
        if (!top) throw this.#error("unexpected {{define}}");
        this.#define();
        return [];
      case "block":
        return [this.#block()];
      case "template":
        return [this.#call()];
      case "break":
      case "continue":
        return [this.#jump(word)];
      case "end":
      case "else":
        throw this.#error(`unexpected {{${word}}}`);
      default:
        return [{ kind: "action", pipe: this.#pipe("command") }];
    }
  }

  #jump(kind: "break" | "continue"): TemplateNode {
    if (this.#loops === 0) throw this.#error(`{{${kind}}} outside {{range}}`);
    return { kind };
  }

  #control(kind: "if" | "with" | "range"): TemplateNode {
    if (++this.#depth > depthLimit) throw this.#error("nested too deep");
    const known = this.#variables.length;
    const pipe = this.#pipe(kind);
    if (kind === "range") this.#loops++;
    const { body, last } = this.#body();
    if (kind === "range") this.#loops--;
    const otherwise = last === "else" ? this.#otherwise(kind) : [];
    this.#variables.length = known;
    this.#depth--;
    return { kind, pipe, body, otherwise };
  }

  /** After `{{else}}`; `{{else if}}` and `{{else with}}` share the `{{end}}`. */
  #otherwise(kind: string): Body {
    const next = this.#peek();
    if (next?.kind === "word" && next.text === kind && (kind === "if" || kind === "with")) {
      this.#next++;
      return [this.#control(kind)];
    }
    const { body, last } = this.#body();
    if (last === "else") throw this.#error("expected end; found {{else}}");
    return body;
  }

  #body(): Ending {
    const body: TemplateNode[] = [];
    const known = this.#variables.length;
    for (;;) {
      const last = this.#ending();
      if (last) {
        this.#variables.length = known;
        return { body, last };
      }
      body.push(...this.#node(false));
    }
  }

  /** Takes an `{{end}}` or `{{else` when that is next. */
  #ending(): "end" | "else" | undefined {
    const stretch = this.#stretches[this.#nextStretch];
    if (stretch?.kind !== "action") return undefined;
    const tokens = readTokens(this.#source, stretch.start, stretch.end);
    const word = tokens[0]?.kind === "word" ? tokens[0].text : "";
    if (word !== "end" && word !== "else") return undefined;
    this.#nextStretch++;
    this.#tokens = tokens;
    this.#next = 1;
    return word;
  }

  #define(): void {
    this.#next++;
    const name = this.#name("define clause");
    this.#templates.set(name, this.#scoped());
  }

  /** A body that sees no variables but its own `$`. */
  #scoped(): Body {
    const [outer, loops] = [this.#variables, this.#loops];
    this.#variables = ["$"];
    this.#loops = 0;
    const { body, last } = this.#body();
    if (last === "else") throw this.#error("unexpected {{else}} in define clause");
    this.#variables = outer;
    this.#loops = loops;
    return body;
  }

  #block(): TemplateNode {
    const place = this.#place();
    this.#next++;
    const name = this.#name("block clause");
    const pipe = this.#pipe("block clause");
    this.#templates.set(name, this.#scoped());
    return { kind: "template", name, pipe, place };
  }

  #call(): TemplateNode {
    const { source } = this.#place();
    this.#next++;
    const { at } = this.#place();
    const name = this.#name("template clause");
    const pipe = this.#peek() ? this.#pipe("template clause") : undefined;
    return { kind: "template", name, pipe, place: { at, source: `{{${source}}}` } };
  }

  #name(where: string): string {
    const token = this.#tokens[this.#next++];
    const literal = token && findLiteral(token);
    if (literal?.kind === "string") return literal.text;
    throw this.#error(`unexpected ${token ? JSON.stringify(token.text) : '"}}"'} in ${where}`);
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #isSymbol(text: string): boolean {
    const token = this.#peek();
    return token?.kind === "symbol" && token.text === text;
  }

  /** What stands from the next token to the end of the action, or to another place. */
  #place(end = this.#tokens.at(-1)): Place {
    const start = this.#peek()?.offset ?? 0;
    return placeOf(this.#source, start, end ? end.offset + end.text.length : start);
  }

  #pipe(context: string): Pipe {
    const { variables, assigns } = this.#declarations(context);
    const commands: Command[] = [];
    do commands.push(this.#command(context));
    while (this.#isSymbol("|") && ++this.#next);
    if (!assigns) this.#variables.push(...variables);
    if (this.#peek() && !this.#isSymbol(")")) throw this.#unexpected(context);
    return { variables, assigns, commands };
  }

  #unexpected(context: string): BuiltinError {
    const token = this.#tokens[this.#next++];
    return this.#error(`unexpected ${token ? JSON.stringify(token.text) : "EOF"} in ${context}`);
  }

  /** `$x :=`, `$x =`, and in a range also `$i, $x :=`. */
  #declarations(context: string): Pick<Pipe, "variables" | "assigns"> {
    const variables: string[] = [];
    for (let at = this.#next; this.#tokens[at]?.kind === "variable"; at += 2) {
      variables.push(this.#tokens[at]?.text ?? "");
      const sign = this.#tokens[at + 1]?.text;
      if (sign === ":=" || sign === "=") return this.#declared(variables, sign, at + 2);
      if (sign !== "," || context !== "range") break;
      if (variables.length === 2) throw this.#error("too many declarations in range");
    }
    return { variables: [], assigns: false };
  }

  #declared(
    variables: readonly string[],
    sign: ":=" | "=",
    next: number,
  ): Pick<Pipe, "variables" | "assigns"> {
    this.#next = next;
    const assigns = sign === "=";
    if (assigns) for (const name of variables) this.#known(name);
    return { variables, assigns };
  }

  #known(name: string): void {
    if (!this.#variables.includes(name)) throw this.#error(`undefined variable ${JSON.stringify(name)}`);
  }

  #command(context: string): Command {
    const first = this.#next;
    const operands: Operand[] = [];
    while (this.#peek() && !this.#isSymbol("|") && !this.#isSymbol(")"))
      operands.push(this.#operand(context));
    if (operands.length === 0) {
      throw this.#error(
        first === 0 || this.#tokens.length <= 1 ? `missing value for ${context}` : "empty command",
      );
    }
    const start = this.#tokens[first]?.offset ?? 0;
    const end = this.#tokens[this.#next - 1];
    return { operands, place: placeOf(this.#source, start, (end?.offset ?? 0) + (end?.text.length ?? 0)) };
  }

  #operand(context: string): Operand {
    const first = this.#tokens[this.#next] as Token;
    const base = this.#base(context);
    const second = this.#next;
    const fields: string[] = first.kind === "field" ? [first.text.slice(1)] : [];
    while (this.#peek()?.kind === "field" && this.#peek()?.spaced === false) {
      fields.push((this.#peek()?.text ?? "").slice(1));
      this.#next++;
    }
    const last = this.#tokens[this.#next - 1] as Token;
    // Go places an operand with fields at the second link of the chain.
    const at = second < this.#next ? (this.#tokens[second]?.offset ?? 0) : first.offset;
    const source = placeOf(this.#source, first.offset, last.offset + last.text.length).source;
    return { ...base, fields, place: { at: placeOf(this.#source, at, at).at, source } };
  }

  #base(context: string): Base {
    const token = this.#tokens[this.#next++] as Token;
    if (token.kind === "field") return { kind: "dot" };
    if (token.kind === "variable") {
      this.#known(token.text);
      return { kind: "variable", name: token.text };
    }
    if (token.kind === "word") return this.#word(token.text);
    if (token.kind === "symbol") return this.#symbol(token, context);
    const literal = findLiteral(token);
    if (literal) return literal;
    throw this.#error(
      token.kind === "number" ? `bad number syntax: ${JSON.stringify(token.text)}` : "invalid syntax",
    );
  }

  #word(text: string): Base {
    if (text === "true" || text === "false") return { kind: "boolean", truth: text === "true" };
    if (text === "nil") return { kind: "nil" };
    if (this.#functions.has(text)) return { kind: "function", name: text };
    throw this.#error(`function ${JSON.stringify(text)} not defined`);
  }

  #symbol(token: Token, context: string): Base {
    if (token.text === ".") return { kind: "dot" };
    if (token.text !== "(") throw this.#error(`unexpected ${JSON.stringify(token.text)} in ${context}`);
    if (++this.#depth > depthLimit) throw this.#error("nested too deep");
    const pipe = this.#pipe("parenthesized pipeline");
    this.#depth--;
    if (!this.#isSymbol(")")) throw this.#error("unclosed left paren");
    this.#next++;
    return { kind: "pipe", pipe };
  }
}

function placeOf(source: string, start: number, end: number): Place {
  const lineStart = source.lastIndexOf("\n", start - 1) + 1;
  const line = source.slice(0, start).split("\n").length;
  return { at: `${line}:${start - lineStart}`, source: source.slice(start, end) };
}
