import type { RegoHost, WorldRecord } from "./builtins/builtin.ts";
import type { Program } from "./emit/library.ts";
import { documentAt, Evaluation, EvaluationError, Frame } from "./runtime/index.ts";
import type { Limits, TraceEvent, Tracer } from "./runtime/index.ts";
import type { Location } from "./syntax/index.ts";
import type { RegoValue } from "./values/index.ts";

export interface EvaluateOptions {
  /** The base documents: what `data` holds where no rule defines it. */
  readonly data?: RegoValue;
  readonly host?: RegoHost;
  /** Keeps what the world answers, or stands for it: an evaluation with the same answers decides the same. */
  readonly world?: WorldRecord;
  /** An error of a builtin ends the evaluation, instead of being undefined. */
  readonly strictBuiltinErrors?: boolean;
  readonly limits?: Partial<Limits>;
  /**
   * Called for every expression that the evaluation comes to, and for the head of every rule that holds. Needs a
   * query that was prepared to be followed.
   */
  readonly follow?: (at: Location) => void;
  /** Told of every event of the evaluation. Needs a query that was prepared to be traced. */
  readonly trace?: (event: TraceEvent) => void;
}

/** Finds a document, and passes the points that a query for it would. */
export type TracedQuery = (
  tracer: Tracer,
  path: readonly string[],
  find: () => RegoValue | undefined,
) => RegoValue | undefined;

const defaultSteps = 50_000_000;

/** Documents that can be asked for again and again. */
export class PreparedDocuments {
  readonly #program: Program;
  readonly #traced: TracedQuery | undefined;
  readonly #kept = new Map<string, unknown>();

  /** @param traced what tells a tracer of the query itself; a program that was not made to be traced needs none. */
  constructor(program: Program, traced?: TracedQuery) {
    this.#program = program;
    this.#traced = traced;
  }

  /**
   * The document at a path below `data`, for an input; undefined where there is none.
   *
   * @throws EvaluationError when there is no answer because something went wrong.
   */
  find(
    path: readonly string[],
    input: RegoValue | undefined,
    options: EvaluateOptions = {},
  ): RegoValue | undefined {
    const frame = makeFrame(input, options, this.#kept);
    const { tracer } = frame.evaluation;
    const find = (): RegoValue | undefined => documentAt(frame, this.#program.nodes, path);
    const traced = this.#traced;
    return withinEvaluation(() => (tracer && traced ? traced(tracer, path, find) : find()));
  }
}

/** @param kept what builtins keep from one evaluation to the next. */
export function makeFrame(
  input: RegoValue | undefined,
  options: EvaluateOptions,
  kept: Map<string, unknown>,
): Frame {
  const limits = { steps: defaultSteps, ...options.limits };
  const { world } = options;
  const memo = new Map<string, unknown>();
  const context = { host: options.host ?? {}, memo, kept, ...(world && { world }) };
  const strict = options.strictBuiltinErrors ?? false;
  const evaluation = new Evaluation(context, limits, {
    strict,
    mark: options.follow,
    trace: options.trace,
  });
  return new Frame({ evaluation, input, data: options.data ?? {}, functions: new Map(), replaced: [] });
}

/** Depth has a limit: that of the stack. */
export function withinEvaluation<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError) || !/call stack/i.test(error.message)) throw error;
    throw new EvaluationError("eval_limit_error", "the evaluation goes too deep", undefined, error);
  }
}
