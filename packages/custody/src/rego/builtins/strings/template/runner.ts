import { objectEntries, objectGet } from "../../../values/index.ts";
import { BuiltinError } from "../../builtin.ts";
import type { BuiltinContext } from "../../builtin.ts";
import { TextBuilder } from "../text-builder.ts";
import { templateFunctions } from "./functions.ts";
import type { TemplateFunction } from "./functions.ts";
import { goValue, isTrue, shown } from "./go-values.ts";
import type { GoValue } from "./go-values.ts";
import type { Body, Command, Operand, Pipe, Place, TemplateNode } from "./nodes.ts";
import type { Templates } from "./parser.ts";

/** Templates call each other so deep, at most. */
const depthLimit = 500;

/** How a body ended. */
type Outcome = "done" | "break" | "continue";

/** Variables in the order of their declaration; the last of a name counts. */
type Scope = { readonly name: string; value: GoValue }[];

/** What the template prints for the data. */
export function runTemplate(context: BuiltinContext, templates: Templates, data: GoValue): string {
  const output = new TextBuilder();
  const run = { context, templates, output, name: "template", depth: 0 };
  new TemplateRunner(run, data).body(templates.get("template") ?? [], data);
  return output.text();
}

/** One template at work; those that it calls have runs of their own. */
interface Run {
  readonly context: BuiltinContext;
  readonly templates: Templates;
  readonly output: TextBuilder;
  readonly name: string;
  readonly depth: number;
}

class TemplateRunner {
  readonly #run: Run;
  readonly #scope: Scope;

  constructor(run: Run, data: GoValue) {
    this.#run = run;
    this.#scope = [{ name: "$", value: data }];
  }

  body(body: Body, dot: GoValue): Outcome {
    const known = this.#scope.length;
    for (const node of body) {
      this.#run.context.spend(1);
      const outcome = this.#node(node, dot);
      if (outcome !== "done") return outcome;
    }
    this.#scope.length = known;
    return "done";
  }

  #node(node: TemplateNode, dot: GoValue): Outcome {
    switch (node.kind) {
      case "text":
        this.#run.output.write(node.text);
        return "done";
      case "action":
        this.#print(node.pipe, this.#pipe(node.pipe, dot));
        return "done";
      case "template":
        this.#call(node, dot);
        return "done";
      case "if":
      case "with":
      case "range":
        return this.#scoped(node, dot);
      default:
        return node.kind;
    }
  }

  #print({ variables }: Pipe, value: GoValue): void {
    if (variables.length > 0) return;
    const nothing = value.kind === "none" || value.kind === "nil";
    this.#run.output.write(nothing ? "<no value>" : shown(value));
  }

  #call({ name, pipe, place }: TemplateNode & { kind: "template" }, dot: GoValue): void {
    const body = this.#run.templates.get(name);
    if (!body) throw this.#failure(place, `template ${JSON.stringify(name)} not defined`);
    if (this.#run.depth >= depthLimit) throw this.#failure(place, "exceeded maximum template depth (100000)");
    const data: GoValue = pipe ? this.#pipe(pipe, dot) : { kind: "none" };
    new TemplateRunner({ ...this.#run, name, depth: this.#run.depth + 1 }, data).body(body, data);
  }

  #scoped(node: TemplateNode & { kind: "if" | "with" | "range" }, dot: GoValue): Outcome {
    const known = this.#scope.length;
    const outcome = node.kind === "range" ? this.#range(node, dot) : this.#choose(node, dot);
    this.#scope.length = known;
    return outcome;
  }

  #choose(node: TemplateNode & { kind: "if" | "with" | "range" }, dot: GoValue): Outcome {
    const value = this.#pipe(node.pipe, dot);
    if (!isTrue(value)) return this.body(node.otherwise, dot);
    return this.body(node.body, node.kind === "with" ? value : dot);
  }

  #range(node: TemplateNode & { kind: "if" | "with" | "range" }, dot: GoValue): Outcome {
    const pipe: Pipe = { ...node.pipe, variables: [] };
    const items = this.#items(this.#pipe(pipe, dot), node.pipe);
    const known = this.#scope.length;
    let any = false;
    for (const [key, item] of items) {
      any = true;
      this.#run.context.spend(1);
      this.#bind(node.pipe, node.pipe.variables.length === 2 ? [key, item] : [item]);
      if (this.body(node.body, item) === "break") break;
      if (!node.pipe.assigns) this.#scope.length = known;
    }
    return any ? "done" : this.body(node.otherwise, dot);
  }

  /** Keys and items: of a slice, of a map by the order of its keys, and the integers below one. */
  *#items(value: GoValue, { commands }: Pipe): IterableIterator<readonly [GoValue, GoValue]> {
    if (value.kind === "slice") {
      for (const [i, item] of value.items.entries())
        yield [{ kind: "int", integer: BigInt(i) }, goValue(item)];
    } else if (value.kind === "map") {
      for (const [key, item] of objectEntries(value.object)) yield [goValue(key), goValue(item)];
    } else if (value.kind === "int") {
      for (let integer = 0n; integer < value.integer; integer++)
        yield [
          { kind: "int", integer },
          { kind: "int", integer },
        ];
    } else if (value.kind !== "nil" && value.kind !== "none") {
      const place = commands[0]?.place ?? { at: "1:0", source: "" };
      throw this.#failure(place, `range can't iterate over ${shown(value)}`);
    }
  }

  #bind({ variables, assigns }: Pipe, values: readonly GoValue[]): void {
    for (const [i, name] of variables.entries()) {
      const value = values[i] ?? { kind: "none" };
      const known = assigns ? this.#scope.findLast((variable) => variable.name === name) : undefined;
      if (known) known.value = value;
      else this.#scope.push({ name, value });
    }
  }

  #pipe(pipe: Pipe, dot: GoValue): GoValue {
    let value: GoValue | undefined;
    for (const command of pipe.commands) value = this.#command(command, dot, value);
    const result = value ?? { kind: "none" };
    this.#bind(
      pipe,
      pipe.variables.map(() => result),
    );
    return result;
  }

  /** One command; the result of the one before it is its last argument. */
  #command({ operands, place }: Command, dot: GoValue, piped: GoValue | undefined): GoValue {
    const [first, ...others] = operands as readonly [Operand, ...Operand[]];
    const found = first.kind === "function" ? templateFunctions.get(first.name) : undefined;
    if (first.kind === "function" && found) {
      const value = this.#invoke({ name: first.name, found, place }, others, { dot, piped });
      return first.fields.reduce((receiver, field) => this.#field(receiver, field, first.place), value);
    }
    if (first.kind === "nil") throw this.#failure(first.place, "nil is not a command");
    if (others.length > 0 || piped) throw this.#failure(first.place, withArguments(first));
    return this.#operand(first, dot);
  }

  #invoke(
    {
      name,
      found,
      place,
    }: { readonly name: string; readonly found: TemplateFunction; readonly place: Place },
    operands: readonly Operand[],
    { dot, piped }: { readonly dot: GoValue; readonly piped: GoValue | undefined },
  ): GoValue {
    const count = operands.length + (piped ? 1 : 0);
    if (found.variadic ? count < found.least : count !== found.least) {
      const want = `${found.variadic ? "at least " : ""}${found.least}`;
      throw this.#failure(
        { ...place, source: name },
        `wrong number of args for ${name}: want ${want} got ${count}`,
      );
    }
    if (name === "and" || name === "or") return this.#shortCircuit(name, operands, { dot, piped });
    const values = operands.map((operand) => this.#operand(operand, dot));
    try {
      return found.call(this.#run.context, piped ? [...values, piped] : values);
    } catch (cause) {
      if (!(cause instanceof BuiltinError)) throw cause;
      throw this.#failure(place, `error calling ${name}: ${cause.message}`);
    }
  }

  /** The first operand that decides, or the last; what follows is not evaluated. */
  #shortCircuit(
    name: "and" | "or",
    operands: readonly Operand[],
    { dot, piped }: { readonly dot: GoValue; readonly piped: GoValue | undefined },
  ): GoValue {
    let value: GoValue = piped ?? { kind: "none" };
    for (const operand of operands) {
      value = this.#operand(operand, dot);
      if (isTrue(value) === (name === "or")) return value;
    }
    return piped ?? value;
  }

  #operand(operand: Operand, dot: GoValue): GoValue {
    const receiver = this.#base(operand, dot);
    return operand.fields.reduce((value, field) => this.#field(value, field, operand.place), receiver);
  }

  #base(operand: Operand, dot: GoValue): GoValue {
    switch (operand.kind) {
      case "dot":
        return dot;
      case "nil":
        return { kind: "nil" };
      case "variable":
        return this.#scope.findLast(({ name }) => name === operand.name)?.value ?? { kind: "none" };
      case "function":
        return this.#command(
          { operands: [{ ...operand, fields: [] }], place: operand.place },
          dot,
          undefined,
        );
      case "string":
        return { kind: "string", text: operand.text };
      case "boolean":
        return { kind: "boolean", truth: operand.truth };
      case "integer":
        return { kind: "int", integer: operand.integer };
      case "float":
        return { kind: "float64", double: operand.double };
      default:
        return this.#pipe(operand.pipe, dot);
    }
  }

  #field(receiver: GoValue, field: string, place: Place): GoValue {
    if (receiver.kind === "none") return receiver;
    if (receiver.kind === "map") return goValue(objectGet(receiver.object, field));
    const complaint =
      receiver.kind === "nil"
        ? `nil pointer evaluating interface {}.${field}`
        : `can't evaluate field ${field} in type interface {}`;
    throw this.#failure(place, complaint);
  }

  #failure({ at, source }: Place, message: string): BuiltinError {
    const shownSource = source.length > 20 ? `${source.slice(0, 20)}...` : source;
    const where = `executing ${JSON.stringify(this.#run.name)} at <${shownSource}>`;
    return new BuiltinError(`template: template:${at}: ${where}: ${message}`);
  }
}

function withArguments(operand: Operand): string {
  const field = operand.fields.at(-1);
  return field === undefined
    ? `can't give argument to non-function ${operand.place.source}`
    : `${field} is not a method but has arguments`;
}
