import type { Builtin } from "../builtins/builtin.ts";
import type {
  ComprehensionStep,
  Operand,
  Plan,
  Register,
  Replacement,
  Step,
  TraceStep,
} from "../plan/plan.ts";
import {
  baseValue,
  entries,
  get,
  Groups,
  isMember,
  linkWideBuiltin,
  nodeValue,
  scanNode,
} from "../runtime/index.ts";
import type { Entries, Frame, TraceEvent } from "../runtime/index.ts";
import { equal, isObject, ObjectBuilder, objectSize, RegoSet } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import { addUnique, everyOf, makeObject } from "./library.ts";
import type { NamedNode, Replacing } from "./library.ts";

/** The registers of one activation of a body; contexts are among them. */
export type Registers = (RegoValue | Frame | Groups | undefined)[];

/** Runs what is left of a body. True ends the whole body: what was wanted is found. */
export type Run = (registers: Registers) => boolean;

export interface ClosureContext {
  readonly plan: Plan;
  readonly nodes: readonly NamedNode[];
  readonly builtins: ReadonlyMap<string, Builtin>;
  readonly replaced: Replacing;
}

type Seen = Pick<TraceEvent, "locals" | "message">;
type Read = (registers: Registers) => RegoValue;
type Value = (registers: Registers) => RegoValue | undefined;

/** Closures for steps: each does its part and calls the next; one that fails does not. */
export class StepClosures {
  readonly #shared: ClosureContext;
  /** Registers past the plan's own, for groups of comprehensions. */
  #spare = -1;

  constructor(shared: ClosureContext) {
    this.#shared = shared;
  }

  block(steps: readonly Step[], last: Run): Run {
    return steps.toReversed().reduce((next, step) => this.#step(step, next), last);
  }

  read(operand: Operand): Read {
    if (operand.kind === "constant") return () => operand.value;
    const { register } = operand;
    return (registers) => registers[register] as RegoValue;
  }

  #reads(operands: readonly Operand[]): (registers: Registers) => RegoValue[] {
    const all = operands.map((operand) => this.read(operand));
    return (registers) => all.map((one) => one(registers));
  }

  #step(step: Step, next: Run): Run {
    switch (step.op) {
      case "fail":
        return () => false;
      case "scan":
        return this.#scan(step, next);
      case "scanNode":
        return this.#scanNode(step, next);
      case "equal":
      case "isMember":
      case "holds":
      case "isArray":
      case "isObject":
        return this.#test(step, next);
      case "mark":
        return (registers) => {
          frameOf(registers, 0).evaluation.mark(step.at);
          return next(registers);
        };
      case "trace":
        return this.#trace(step, next);
      case "not": {
        const body = this.block(step.body, () => true);
        return (registers) => !body(registers) && next(registers);
      }
      case "every":
        return this.#every(step, next);
      case "with":
        return this.#with(step, next);
      default:
        return assigning(step.to, this.#value(step), next);
    }
  }

  #trace(step: TraceStep, next: Run): Run {
    const values = this.#reads(step.locals.map(([, operand]) => operand));
    const message = step.message && this.read(step.message);
    return (registers) => {
      const see = (): Seen => {
        const read = values(registers);
        const locals = step.locals.map(([name], i) => [name, read[i] as RegoValue] as const);
        const said = message?.(registers);
        return { locals, message: typeof said === "string" ? said : "" };
      };
      const { tracer } = frameOf(registers, 0).evaluation;
      return tracer ? tracer.pass(step, see, () => next(registers)) : next(registers);
    };
  }

  #test(step: Step & { op: "equal" | "isMember" | "holds" | "isArray" | "isObject" }, next: Run): Run {
    if (step.op === "equal" || step.op === "isMember") {
      const [first, second] = step.op === "equal" ? [step.a, step.b] : [step.member, step.of];
      const [a, b] = [this.read(first), this.read(second)];
      const holds = step.op === "equal" ? equal : isMember;
      return (registers) => holds(a(registers), b(registers)) && next(registers);
    }
    const from = this.read(step.from);
    if (step.op === "holds") return (registers) => from(registers) !== false && next(registers);
    const fits = step.op === "isArray" ? isArrayOf(step.length) : isObjectOf(step.size);
    return (registers) => fits(from(registers)) && next(registers);
  }

  #value(
    step: Exclude<Step, { op: "with" | "scan" | "scanNode" | "not" | "every" | "fail" | "mark" | "trace" }>,
  ): Value {
    switch (step.op) {
      case "input":
        return (registers) => frameOf(registers, step.context).input;
      case "data":
        return (registers) => baseValue(frameOf(registers, step.context), step.path);
      case "node": {
        const node = this.#shared.nodes[step.node] as NamedNode;
        return (registers) => nodeValue(frameOf(registers, step.context), node);
      }
      case "get": {
        const [from, key] = [this.read(step.from), this.read(step.key)];
        return (registers) => get(from(registers), key(registers));
      }
      case "array":
        return this.#reads(step.items);
      case "set": {
        const items = this.#reads(step.items);
        return (registers) => new RegoSet(items(registers));
      }
      case "object": {
        const [keys, values] = [0, 1].map((i) => this.#reads(step.items.map((item) => item[i] as Operand)));
        return (registers) => {
          const members = values?.(registers) ?? [];
          return makeObject((keys?.(registers) ?? []).map((key, i) => [key, members[i] as RegoValue]));
        };
      }
      case "comprehension":
        return step.groups ? this.#grouped(step, step.groups) : this.#comprehension(step);
      default:
        return this.#call(step as Step & { op: "call" | "invoke" });
    }
  }

  #call(step: Step & { op: "call" | "invoke" }): Value {
    const { context, at } = step;
    const args = this.#reads(step.args);
    const { name, run } = this.#callee(step);
    const isReplaceable = this.#shared.plan.replacedFunctions.has(name);
    return (registers) => {
      const frame = frameOf(registers, context);
      const operands = args(registers);
      const own = (): RegoValue | undefined => run(frame, operands);
      return isReplaceable ? this.#shared.replaced(frame, { name, args: operands, at, own }) : own();
    };
  }

  #callee(step: Step & { op: "call" | "invoke" }): {
    name: string;
    run: (frame: Frame, args: RegoValue[]) => RegoValue | undefined;
  } {
    if (step.op === "invoke") {
      const node = this.#shared.nodes[step.node] as NamedNode;
      return { name: node.name, run: (frame, args) => node.run?.(frame, ...args) };
    }
    const builtin = this.#shared.builtins.get(step.builtin) as Builtin;
    const linked = linkWideBuiltin(builtin);
    return { name: builtin.name, run: (frame, args) => linked(frame, step.at, ...args) };
  }

  #scan({ from, key, value }: Step & { op: "scan" }, next: Run): Run {
    const read = this.read(from);
    return (registers) => eachEntry(registers, entries(read(registers)), { key, value }, next);
  }

  #scanNode(step: Step & { op: "scanNode" }, next: Run): Run {
    const node = this.#shared.nodes[step.node] as NamedNode;
    const pattern = step.pattern.map((one) => one && this.read(one));
    return (registers) => {
      const frame = frameOf(registers, step.context);
      const found = scanNode(
        frame,
        node,
        pattern.map((one) => one?.(registers)),
      );
      return found.some(({ keys, value }) => {
        frame.evaluation.spend(1);
        registers[step.to] = value;
        for (const [i, key] of step.keys.entries()) if (key !== undefined) registers[key] = keys[i];
        return next(registers);
      });
    };
  }

  #every(step: Step & { op: "every" }, next: Run): Run {
    const from = this.read(step.from);
    const body = this.block(step.body, () => true);
    return (registers) => {
      const members = everyOf(from(registers));
      return (
        members !== undefined &&
        !eachEntry(registers, members, step, (each) => !body(each)) &&
        next(registers)
      );
    };
  }

  #comprehension(step: ComprehensionStep): Value {
    const makes = { array: () => [], set: () => new RegoSet(), object: () => new ObjectBuilder() }[
      step.makes
    ];
    const yields = this.#reads(step.yields);
    const collections: Collection[] = [];
    const body = this.block(step.body, (registers) => {
      add(collections.at(-1) as Collection, yields(registers), step);
      return false;
    });
    return (registers) => {
      const made = makes();
      collections.push(made);
      try {
        body(registers);
      } finally {
        collections.pop();
      }
      return made instanceof ObjectBuilder ? made.build() : made;
    };
  }

  #grouped(step: ComprehensionStep, groups: NonNullable<ComprehensionStep["groups"]>): Value {
    const slot = this.#spare--;
    const yields = this.#reads(step.yields);
    const [found, by] = [groups.map((one) => one.found), groups.map((one) => one.by)].map((one) =>
      this.#key(one),
    ) as [Read, Read];
    const body = this.block(step.body, (registers) => {
      add((registers[slot] as Groups).of(found(registers)), yields(registers), step);
      return false;
    });
    return (registers) => {
      if (registers[slot] === undefined) {
        registers[slot] = new Groups(step.makes);
        body(registers);
      }
      return (registers[slot] as Groups).found(by(registers));
    };
  }

  #key(operands: readonly Operand[]): Read {
    const [only, ...more] = operands;
    return only && more.length === 0 ? this.read(only) : this.#reads(operands);
  }

  #with({ to, from, replacements }: Step & { op: "with" }, next: Run): Run {
    const changes = replacements.map((one) => this.#replacement(one));
    return (registers) => {
      registers[to] = changes.reduce((frame, change) => change(frame, registers), frameOf(registers, from));
      return next(registers);
    };
  }

  #replacement(one: Replacement): (frame: Frame, registers: Registers) => Frame {
    if (one.what === "function") return (frame) => frame.withFunction(one.name, { by: one.by });
    const value = this.read(one.value);
    if (one.what === "input") return (frame, registers) => frame.withInput(one.path, value(registers));
    if (one.what === "data") return (frame, registers) => frame.withData(one.path, value(registers));
    return (frame, registers) => frame.withFunction(one.name, { value: value(registers) });
  }
}

type Collection = RegoValue[] | RegoSet | ObjectBuilder;

function add(to: Collection, [first, second]: readonly RegoValue[], { at }: ComprehensionStep): void {
  if (to instanceof ObjectBuilder) addUnique(to, first as RegoValue, second as RegoValue, at);
  else if (to instanceof RegoSet) to.add(first as RegoValue);
  else to.push(first as RegoValue);
}

function assigning(to: Register, value: Value, next: Run): Run {
  return (registers) => {
    const found = value(registers);
    if (found === undefined) return false;
    registers[to] = found;
    return next(registers);
  };
}

function eachEntry(
  registers: Registers,
  { keys, values }: Entries,
  to: { readonly key: Register | undefined; readonly value: Register | undefined },
  next: Run,
): boolean {
  const { evaluation } = frameOf(registers, 0);
  return values.some((value, i) => {
    evaluation.spend(1);
    if (to.value !== undefined) registers[to.value] = value;
    if (to.key !== undefined) registers[to.key] = keys === undefined ? i : keys[i];
    return next(registers);
  });
}

function frameOf(registers: Registers, context: Register): Frame {
  return registers[context] as Frame;
}

function isArrayOf(length: number): (value: RegoValue) => boolean {
  return (value) => Array.isArray(value) && value.length === length;
}

function isObjectOf(size: number): (value: RegoValue) => boolean {
  return (value) => isObject(value) && objectSize(value) === size;
}
