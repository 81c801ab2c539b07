import type { Builtin, RegoHost } from "./builtins/builtin.ts";
import { compileModules, compileQuery } from "./compile/stages.ts";
import type { Compiled } from "./compile/stages.ts";
import { emitJavaScript } from "./emit/javascript.ts";
import { linkClosures } from "./emit/closures.ts";
import type { Program } from "./emit/library.ts";
import { linkProgram } from "./emit/link.ts";
import { planAll } from "./plan/planner.ts";
import type { Plan } from "./plan/plan.ts";
import { Evaluation, EvaluationError, Frame } from "./runtime/index.ts";
import type { Limits } from "./runtime/index.ts";
import { parseModule, parseQuery } from "./syntax/index.ts";
import type { Location, RegoVersion, Source } from "./syntax/index.ts";
import { objectOf } from "./values/index.ts";
import type { RegoValue } from "./values/index.ts";

export interface CompileOptions {
  /** The builtins that policies may call. */
  readonly builtins: readonly Builtin[];
  /** The language of modules whose imports do not say. Default `v1`. */
  readonly version?: RegoVersion;
  /** `closures` needs no code made from text, for pages with a strict CSP, and is slower. Default `javascript`. */
  readonly backend?: Backend;
}

export type Backend = "javascript" | "closures";

export interface EvaluateOptions {
  /** The base documents: what `data` holds where no rule defines it. */
  readonly data?: RegoValue;
  readonly host?: RegoHost;
  /** An error of a builtin ends the evaluation, instead of being undefined. */
  readonly strictBuiltinErrors?: boolean;
  readonly limits?: Partial<Limits>;
  /**
   * Called for every expression that the evaluation comes to, and for the head of every rule that holds. Needs a
   * query that was prepared to be followed.
   */
  readonly follow?: (at: Location) => void;
}

/** One answer of a query. */
export interface Answer {
  readonly bindings: Readonly<Record<string, RegoValue>>;
  readonly expressions: readonly { readonly text: string; readonly value: RegoValue }[];
}

const defaultSteps = 50_000_000;

/**
 * Compiles modules.
 *
 * @throws RegoDiagnostics with OPA's codes.
 */
export function compile(sources: readonly Source[], options: CompileOptions): Policy {
  const version = options.version ?? "v1";
  const modules = sources.map((source) => parseModule(source, { version }));
  const builtins = new Map(options.builtins.map((one) => [one.name, one]));
  return new Policy(compileModules(modules, builtins), options.backend ?? "javascript");
}

export interface PrepareOptions {
  /** The evaluation can be followed from place to place, and is slower. */
  readonly followed?: boolean;
}

/** Compiled modules, ready for queries. */
export class Policy {
  readonly #compiled: Compiled;
  readonly #backend: Backend;

  constructor(compiled: Compiled, backend: Backend) {
    this.#compiled = compiled;
    this.#backend = backend;
  }

  /** Compiles a query over the modules: `data.authz.allow = x`. */
  prepare(query: string, options: PrepareOptions = {}): PreparedQuery {
    const planned = compileQuery(this.#compiled, { text: query, body: parseQuery(query) });
    const { tree, builtins } = this.#compiled;
    const plan = planAll(tree, builtins, { ...planned, isFollowed: options.followed ?? false });
    if (this.#backend === "closures") return new PreparedQuery(plan, linkClosures(plan, builtins));
    return new PreparedQuery(plan, linkProgram(plan, emitJavaScript(plan, builtins), builtins));
  }
}

/** A query that can be answered again and again. */
export class PreparedQuery {
  readonly #plan: Plan;
  readonly #program: Program;

  constructor(plan: Plan, program: Program) {
    this.#plan = plan;
    this.#program = program;
  }

  /**
   * All answers for an input; `undefined` is no input.
   *
   * @throws EvaluationError when there is no answer because something went wrong.
   */
  evaluate(input: RegoValue | undefined, options: EvaluateOptions = {}): readonly Answer[] {
    const answers: Answer[] = [];
    const { bindings, expressions } = this.#plan.query;
    const frame = makeFrame(input, options);
    withinStack(() =>
      this.#program.query(frame, (values, shown) => {
        answers.push({
          bindings: objectOf(
            bindings.map(([name], i) => [name, values[i] as RegoValue] as const),
          ) as Answer["bindings"],
          expressions: expressions.map(({ text }, i) => ({ text, value: shown[i] as RegoValue })),
        });
      }),
    );
    return answers;
  }
}

function makeFrame(input: RegoValue | undefined, options: EvaluateOptions): Frame {
  const limits = { steps: defaultSteps, ...options.limits };
  const context = { host: options.host ?? {}, memo: new Map<string, unknown>() };
  const strict = options.strictBuiltinErrors ?? false;
  const evaluation = new Evaluation(context, limits, { strict, mark: options.follow });
  return new Frame({ evaluation, input, data: options.data ?? {}, functions: new Map(), replaced: [] });
}

/** Depth has a limit: that of the stack. */
function withinStack(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof RangeError) || !/call stack/i.test(error.message)) throw error;
    throw new EvaluationError("eval_limit_error", "the evaluation goes too deep", undefined, error);
  }
}
