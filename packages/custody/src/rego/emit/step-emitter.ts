import type { Builtin } from "../builtins/builtin.ts";
import type {
  CallStep,
  ComprehensionStep,
  InvokeStep,
  NodeId,
  Operand,
  Register,
  Replacement,
  Step,
  WithStep,
} from "../plan/plan.ts";
import { RegoFault } from "../faults.ts";
import type { Location } from "../syntax/index.ts";
import type { RegoValue } from "../values/index.ts";
import { isPlainName } from "./names.ts";
import type { Pool } from "./pool.ts";

/** What the code of a whole program shares. */
export interface EmitContext {
  readonly constants: Pool<RegoValue>;
  readonly places: Pool<Location>;
  readonly builtins: Pool<Builtin>;
  readonly builtinOf: (name: string) => Builtin;
  readonly nodeName: (id: NodeId) => string;
  readonly isReplaceable: (functionName: string) => boolean;
  /** A replaced path may reach into the node: its value is not simply that of its rules. */
  readonly isSimple: (id: NodeId) => boolean;
}

/** What comes after the last step, given the statement that tries the next turn of the innermost loop. */
export type Finish = (next: string) => string;

/** Two numbers compare and add without a call. */
const arithmetic: Readonly<Record<string, string>> = { lt: "<", lte: "<=", gt: ">", gte: ">=" };
const sums: Readonly<Record<string, string>> = { plus: "+", minus: "-", mul: "*" };

/** JavaScript for steps. `f` is the frame, `e` the evaluation; registers are `v1`, `v2` …, contexts of `with` too. */
export class StepEmitter {
  readonly #shared: EmitContext;
  /** Declarations that have to stand before the first step. */
  readonly prelude: string[] = [];
  #labels = 0;

  constructor(shared: EmitContext) {
    this.#shared = shared;
  }

  /** The steps as a block that `finish` ends; `fail` leaves it. */
  block(steps: readonly Step[], fail: string, finish: Finish): string {
    const lines: string[] = [];
    let next = fail;
    let closing = "";
    for (const step of steps) {
      if (step.op === "scan" || step.op === "scanNode") {
        const label = this.label();
        lines.push(this.#loop(step, label));
        next = `continue ${label};`;
        closing += "}";
      } else {
        lines.push(this.#step(step, next));
      }
    }
    lines.push(finish(next));
    return lines.join("\n") + closing;
  }

  label(): string {
    return `L${this.#labels++}`;
  }

  /** The expression for an operand. */
  operand(operand: Operand): string {
    return operand.kind === "register" ? `v${operand.register}` : this.constant(operand.value);
  }

  constant(value: RegoValue): string {
    if (value === null || typeof value === "boolean") return String(value);
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "number" && !Object.is(value, -0)) return value < 0 ? `(${value})` : String(value);
    return `K[${this.#shared.constants.number(value)}]`;
  }

  place(at: Location): string {
    return `P[${this.#shared.places.number(at)}]`;
  }

  #loop(step: Step & { op: "scan" | "scanNode" }, label: string): string {
    const [list, index] = [`${label}s`, `${label}i`];
    const head = (length: string): string =>
      `${label}: for (let ${index} = 0; ${index} < ${length}; ${index}++) { if (--e.fuel < 0) e.refuel();`;
    if (step.op === "scan") {
      const lines = [`const ${list} = entries(${this.operand(step.from)});`, head(`${list}.values.length`)];
      if (step.value !== undefined) lines.push(`const v${step.value} = ${list}.values[${index}];`);
      if (step.key !== undefined) {
        lines.push(`const v${step.key} = ${list}.keys === undefined ? ${index} : ${list}.keys[${index}];`);
      }
      return lines.join("\n");
    }
    const pattern = step.pattern.map((one) => (one ? this.operand(one) : "undefined")).join();
    const node = `N[${step.node}]`;
    const lines = [
      `const ${list} = scanNode(${context(step.context)}, ${node}, [${pattern}]);`,
      head(`${list}.length`),
    ];
    lines.push(`const v${step.to} = ${list}[${index}].value;`);
    for (const [i, key] of step.keys.entries()) {
      if (key !== undefined) lines.push(`const v${key} = ${list}[${index}].keys[${i}];`);
    }
    return lines.join("\n");
  }

  #step(step: Exclude<Step, { op: "scan" | "scanNode" }>, fail: string): string {
    switch (step.op) {
      case "fail":
        return `if (true) ${fail}`;
      case "input":
        return defined(step.to, `${context(step.context)}.input`, fail);
      case "data":
        return defined(step.to, `baseValue(${context(step.context)}, ${this.#names(step.path)})`, fail);
      case "node":
        return defined(step.to, this.#node(step.node, step.context), fail);
      case "get":
        return this.#get(step.to, this.operand(step.from), step.key, fail);
      case "equal":
        return this.#equal(step.a, step.b, fail);
      case "mark":
        return `e.mark(${this.place(step.at)});`;
      case "trace":
        throw new RegoFault("rego/internal", "what is traced runs on closures");
      case "isMember":
        return `if (!isMember(${this.operand(step.member)}, ${this.operand(step.of)})) ${fail}`;
      case "holds":
        return `if (${this.operand(step.from)} === false) ${fail}`;
      case "array":
        return `const v${step.to} = [${this.#list(step.items)}];`;
      case "set":
        return `const v${step.to} = new RegoSet([${this.#list(step.items)}]);`;
      case "object":
        return this.#object(step);
      case "isArray": {
        const from = this.operand(step.from);
        return `if (!Array.isArray(${from}) || ${from}.length !== ${step.length}) ${fail}`;
      }
      case "isObject": {
        const from = this.operand(step.from);
        return `if (!isObject(${from}) || objectSize(${from}) !== ${step.size}) ${fail}`;
      }
      case "call":
        return this.#call(step, fail);
      case "invoke":
        return this.#invoke(step, fail);
      case "not":
        return this.#not(step.body, fail);
      case "comprehension":
        return this.#comprehension(step);
      case "every":
        return this.#every(step, fail);
      default:
        return this.#with(step);
    }
  }

  #names(path: readonly string[]): string {
    return `K[${this.#shared.constants.number([...path])}]`;
  }

  #list(items: readonly Operand[]): string {
    return items.map((item) => this.operand(item)).join(", ");
  }

  #node(id: NodeId, register: Register): string {
    const frame = context(register);
    return this.#shared.isSimple(id)
      ? `${this.#shared.nodeName(id)}(${frame})`
      : `nodeValue(${frame}, N[${id}])`;
  }

  #get(to: Register, from: string, key: Operand, fail: string): string {
    if (key.kind === "constant" && typeof key.value === "string" && isPlainName(key.value)) {
      const name = JSON.stringify(key.value);
      const slow = `(v${to} = get(${from}, ${name})) === undefined`;
      return `let v${to} = ${from}?.[${name}]; if (v${to} === undefined && ${slow}) ${fail}`;
    }
    return defined(to, `get(${from}, ${this.operand(key)})`, fail);
  }

  #equal(a: Operand, b: Operand, fail: string): string {
    const [left, right] = [this.operand(a), this.operand(b)];
    const exact = [a, b].some((one) => one.kind === "constant" && isExact(one.value));
    return exact
      ? `if (${left} !== ${right}) ${fail}`
      : `if (${left} !== ${right} && !equal(${left}, ${right})) ${fail}`;
  }

  #object({ to, items }: Step & { op: "object" }): string {
    const entries = items.map(([key, value]) => `[${this.operand(key)}, ${this.operand(value)}]`).join(", ");
    const named = items.every(([key]) => key.kind === "constant" && typeof key.value === "string");
    const distinct =
      new Set(items.map(([key]) => (key.kind === "constant" ? key.value : key))).size === items.length;
    if (!named || !distinct) return `const v${to} = makeObject([${entries}]);`;
    const members = items.map(([key, value]) => `[${this.operand(key)}]: ${this.operand(value)}`).join(", ");
    return `const v${to} = { ${members} };`;
  }

  #call(step: CallStep, fail: string): string {
    const { to, builtin: name, args, at } = step;
    const builtin = this.#shared.builtinOf(name);
    const operands = args.map((arg) => this.operand(arg));
    const call = `B[${this.#shared.builtins.number(builtin)}](${[context(step.context), this.place(at), ...operands].join(", ")})`;
    if (this.#shared.isReplaceable(name)) {
      const asked = `{ name: ${JSON.stringify(name)}, args: [${operands.join(", ")}], at: ${this.place(at)}, own: () => ${call} }`;
      return defined(to, `replaced(${context(step.context)}, ${asked})`, fail);
    }
    return defined(to, quick(name, operands, call), fail);
  }

  #invoke(step: InvokeStep, fail: string): string {
    const operands = step.args.map((arg) => this.operand(arg));
    const call = `${this.#shared.nodeName(step.node)}(${[context(step.context), ...operands].join(", ")})`;
    if (!this.#shared.isReplaceable(`#${step.node}`)) return defined(step.to, call, fail);
    const asked = `{ name: N[${step.node}].name, args: [${operands.join(", ")}], at: ${this.place(step.at)}, own: () => ${call} }`;
    return defined(step.to, `replaced(${context(step.context)}, ${asked})`, fail);
  }

  #not(body: readonly Step[], fail: string): string {
    const [label, found] = [this.label(), this.label()];
    const inner = this.block(body, `break ${label};`, () => `${found} = true; break ${label};`);
    return `let ${found} = false; ${label}: {\n${inner}}\nif (${found}) ${fail}`;
  }

  #comprehension(step: ComprehensionStep): string {
    if (step.groups) return this.#grouped(step, step.groups);
    const { to, makes, body } = step;
    const label = this.label();
    const made = makes === "object" ? `${label}o` : `v${to}`;
    const starts = { array: "[]", set: "new RegoSet()", object: "new ObjectBuilder()" }[makes];
    const inner = this.block(body, `break ${label};`, () => this.#adding(step, made));
    const code = `const ${made} = ${starts}; ${label}: {\n${inner}}`;
    return makes === "object" ? `${code}\nconst v${to} = ${made}.build();` : code;
  }

  #adding({ makes, yields, at }: ComprehensionStep, made: string): string {
    const [first, second] = yields.map((one) => this.operand(one));
    if (makes === "array") return `${made}.push(${first});`;
    return makes === "set"
      ? `${made}.add(${first});`
      : `addUnique(${made}, ${first}, ${second}, ${this.place(at)});`;
  }

  /** Evaluated at the first use in a rule body, then looked up. */
  #grouped(step: ComprehensionStep, groups: NonNullable<ComprehensionStep["groups"]>): string {
    const label = this.label();
    const all = `${label}g`;
    this.prelude.push(`let ${all};`);
    const key = (operands: readonly Operand[]): string =>
      operands.length === 1 ? this.#list(operands) : `[${this.#list(operands)}]`;
    const found = key(groups.map((one) => one.found));
    const inner = this.block(step.body, `break ${label};`, () => this.#adding(step, `${all}.of(${found})`));
    const made = `if (${all} === undefined) { ${all} = new Groups(${JSON.stringify(step.makes)}); ${label}: {\n${inner}} }`;
    return `${made}\nconst v${step.to} = ${all}.found(${key(groups.map((one) => one.by))});`;
  }

  #every({ from, key, value, body }: Step & { op: "every" }, fail: string): string {
    const [label, list, index, held] = [this.label(), this.label(), this.label(), this.label()];
    const inner = this.block(body, `break ${label};`, () => `${held} = true; break ${label};`);
    const lines = [
      `const ${list} = everyOf(${this.operand(from)}); if (${list} === undefined) ${fail}`,
      `for (let ${index} = 0; ${index} < ${list}.values.length; ${index}++) { if (--e.fuel < 0) e.refuel();`,
      `const v${value} = ${list}.values[${index}];`,
    ];
    if (key !== undefined)
      lines.push(`const v${key} = ${list}.keys === undefined ? ${index} : ${list}.keys[${index}];`);
    lines.push(`let ${held} = false; ${label}: {\n${inner}}`, `if (!${held}) ${fail} }`);
    return lines.join("\n");
  }

  #with({ to, from, replacements }: WithStep): string {
    const frame = replacements.reduce((inner, one) => this.#replacement(inner, one), context(from));
    return `const v${to} = ${frame};`;
  }

  #replacement(frame: string, one: Replacement): string {
    switch (one.what) {
      case "input":
        return `${frame}.withInput(${this.#names(one.path)}, ${this.operand(one.value)})`;
      case "data":
        return `${frame}.withData(${this.#names(one.path)}, ${this.operand(one.value)})`;
      case "value":
        return `${frame}.withFunction(${JSON.stringify(one.name)}, { value: ${this.operand(one.value)} })`;
      default:
        return `${frame}.withFunction(${JSON.stringify(one.name)}, { by: ${JSON.stringify(one.by)} })`;
    }
  }
}

function context(register: Register): string {
  return register === 0 ? "f" : `v${register}`;
}

function defined(to: Register, expression: string, fail: string): string {
  return `const v${to} = ${expression}; if (v${to} === undefined) ${fail}`;
}

function isExact(value: RegoValue): boolean {
  return value === null || typeof value === "boolean" || typeof value === "string";
}

/** The call, behind a shorter way for two doubles where one is exact. */
function quick(name: string, [a, b]: readonly string[], call: string): string {
  if (!a || !b) return call;
  const numbers = `typeof ${a} === "number" && typeof ${b} === "number"`;
  if (name === "equal") return `(${a} === ${b} || equal(${a}, ${b}))`;
  if (name === "neq") return `(${a} !== ${b} && !equal(${a}, ${b}))`;
  const comparison = arithmetic[name];
  if (comparison) return `(${numbers} ? ${a} ${comparison} ${b} : ${call})`;
  const sum = sums[name];
  if (!sum) return call;
  return `(Number.isSafeInteger(${a}) && Number.isSafeInteger(${b}) && Number.isSafeInteger(${a} ${sum} ${b}) ? ${a} ${sum} ${b} : ${call})`;
}
