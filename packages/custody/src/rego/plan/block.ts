import type { RegoValue } from "../values/index.ts";
import type { Operand, Register, Step } from "./plan.ts";

/** Hands out registers, one numbering for a whole rule body. */
export class Registers {
  #next: Register = 1;

  take(): Register {
    return this.#next++;
  }
}

/** The steps of one block while it is planned, and the variables that are bound in it. */
export class Block {
  readonly steps: Step[] = [];
  readonly registers: Registers;
  readonly #bound: Map<string, Operand>;

  constructor(registers: Registers, bound: ReadonlyMap<string, Operand> = new Map()) {
    this.registers = registers;
    this.#bound = new Map(bound);
  }

  /** A block inside of this one: it sees what is bound here, and what it binds is its own. */
  inner(): Block {
    return new Block(this.registers, this.#bound);
  }

  add(step: Step): void {
    this.steps.push(step);
  }

  /** The variables that are bound, and where their values are. */
  get locals(): readonly (readonly [name: string, value: Operand])[] {
    return [...this.#bound];
  }

  find(name: string): Operand | undefined {
    return this.#bound.get(name);
  }

  bind(name: string, operand: Operand): void {
    this.#bound.set(name, operand);
  }

  get bindings(): ReadonlyMap<string, Operand> {
    return this.#bound;
  }

  /** A new register, as what a step writes to and as what others read. */
  fresh(): { readonly to: Register; readonly operand: Operand } {
    const to = this.registers.take();
    return { to, operand: { kind: "register", register: to } };
  }
}

export function constant(value: RegoValue): Operand {
  return { kind: "constant", value };
}
