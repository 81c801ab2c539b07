import type { BuiltinContext } from "../builtins/builtin.ts";
import type { Location } from "../syntax/index.ts";
import type { RegoValue } from "../values/index.ts";
import { mergeShallow, isObject, ObjectBuilder, objectGet, objectOf } from "../values/index.ts";
import type { AnyObject } from "../values/index.ts";
import { EvaluationError } from "./errors.ts";
import { Tracer } from "./tracer.ts";
import type { TraceEvent } from "./tracer.ts";

export interface Limits {
  /** How many turns of loops and builtins an evaluation may take. */
  readonly steps: number;
  /** Asked now and then: true ends the evaluation. */
  readonly isOver?: () => boolean;
}

export interface EvaluationOptions {
  /** Errors of builtins end the evaluation. */
  readonly strict: boolean;
  readonly mark?: ((at: Location) => void) | undefined;
  readonly trace?: ((event: TraceEvent) => void) | undefined;
}

/** How many steps go by between two looks at the clock. */
const slice = 16_384;

/** What all contexts of one evaluation share. */
export class Evaluation {
  readonly context: BuiltinContext;
  readonly strict: boolean;
  /** Steps left in this slice; generated code counts it down. */
  fuel: number;
  readonly #limits: Limits;
  #left: number;

  /** Called for every place that a followed evaluation comes to. */
  readonly mark: (at: Location) => void;
  /** Passed by what was compiled to be traced. */
  readonly tracer: Tracer | undefined;

  constructor(context: Omit<BuiltinContext, "spend">, limits: Limits, options: EvaluationOptions) {
    this.context = { ...context, spend: (steps) => this.spend(steps) };
    this.strict = options.strict;
    this.mark = options.mark ?? (() => undefined);
    this.tracer = options.trace && new Tracer(options.trace);
    this.#limits = limits;
    this.#left = limits.steps;
    this.fuel = 0;
    this.refuel();
  }

  spend(steps: number): void {
    this.fuel -= steps;
    while (this.fuel < 0) this.refuel();
  }

  /** The next slice. @throws EvaluationError when there is none, or no time. */
  refuel(): void {
    if (this.#left <= 0)
      throw new EvaluationError("eval_limit_error", `more than ${this.#limits.steps} steps`, undefined);
    if (this.#limits.isOver?.())
      throw new EvaluationError("eval_limit_error", "the deadline has passed", undefined);
    const granted = Math.min(slice, this.#left);
    this.#left -= granted;
    this.fuel += granted;
  }
}

/** What a function was replaced with: a value, or the name of another function. */
export type FunctionReplacement = { readonly value: RegoValue } | { readonly by: string };

/** Input, data and what is replaced, and what is already known under them. */
export class Frame {
  readonly evaluation: Evaluation;
  readonly input: RegoValue | undefined;
  readonly data: RegoValue;
  readonly functions: ReadonlyMap<string, FunctionReplacement>;
  /** Paths below data at which only what `with` put there counts. */
  readonly replaced: readonly (readonly string[])[];
  /** Values of rules by the number of their node; `null`-proof through {@link undefinedRule}. */
  readonly memo: (RegoValue | undefined | typeof undefinedRule)[] = [];

  constructor(base: Pick<Frame, "evaluation" | "input" | "data" | "functions" | "replaced">) {
    this.evaluation = base.evaluation;
    this.input = base.input;
    this.data = base.data;
    this.functions = base.functions;
    this.replaced = base.replaced;
  }

  withInput(path: readonly string[], value: RegoValue): Frame {
    return new Frame({ ...this.#parts(), input: putAt(this.input, path, value) });
  }

  withData(path: readonly string[], value: RegoValue): Frame {
    const data = putAt(this.data, path, value);
    return new Frame({ ...this.#parts(), data, replaced: [...this.replaced, path] });
  }

  withFunction(name: string, replacement: FunctionReplacement): Frame {
    return new Frame({ ...this.#parts(), functions: new Map([...this.functions, [name, replacement]]) });
  }

  withoutFunctions(): Frame {
    return new Frame({ ...this.#parts(), functions: new Map() });
  }

  #parts(): Pick<Frame, "evaluation" | "input" | "data" | "functions" | "replaced"> {
    const { evaluation, input, data, functions, replaced } = this;
    return { evaluation, input, data, functions, replaced };
  }
}

/** In the memo: the rule was evaluated, and is undefined. */
export const undefinedRule = Symbol("undefined");

/** A copy of the value with another one at the path; what is on the way and no object becomes one. */
function putAt(
  whole: RegoValue | undefined,
  [name, ...rest]: readonly string[],
  value: RegoValue,
): RegoValue {
  if (name === undefined) return value;
  const object: AnyObject = whole !== undefined && isObject(whole) ? whole : new ObjectBuilder().build();
  return mergeShallow(object, objectOf([[name, putAt(objectGet(object, name), rest, value)]]));
}
