import type { Builtin } from "./builtins/builtin.ts";
import { declarationsOf } from "./check/declarations.ts";
import { compileModules, compileQuery, queryGlobals } from "./compile/stages.ts";
import type { Compiled } from "./compile/stages.ts";
import type { Globals } from "./compile/resolve.ts";
import { unsafeCalls } from "./compile/unsafe-calls.ts";
import { emitJavaScript } from "./emit/javascript.ts";
import { linkClosures } from "./emit/closures.ts";
import { outlineOf } from "./emit/library.ts";
import type { Program } from "./emit/library.ts";
import { moduleText } from "./emit/compiled-module.ts";
import { evaluateSource } from "./emit/evaluate-source.ts";
import { linkCode } from "./emit/link.ts";
import { planAll } from "./plan/planner.ts";
import type { PlannedQuery } from "./plan/planner.ts";
import type { Plan } from "./plan/plan.ts";
import { makeFrame, PreparedDocuments, withinEvaluation } from "./documents.ts";
import type { EvaluateOptions } from "./documents.ts";
import { parseModule, parseModules, parseQuery, RegoDiagnostics } from "./syntax/index.ts";
import type { Body, Location, Module, RegoVersion, Rule, Source } from "./syntax/index.ts";
import { withinStack } from "./values/stack.ts";
import { objectOf } from "./values/index.ts";
import { tracedQuery } from "./trace/document-query.ts";
import type { RegoValue } from "./values/index.ts";

export interface CompileOptions {
  /** The builtins that policies may call. */
  readonly builtins: readonly Builtin[];
  /** The language of modules whose imports do not say. Default `v1`. */
  readonly version?: RegoVersion;
  /** `closures` needs no code made from text, for pages with a strict CSP, and is slower. Default `javascript`. */
  readonly backend?: Backend;
  /** What is declared, taken as an argument or imported, and not used, is an error. Default false. */
  readonly strict?: boolean;
  /** Calls of `print` reach the host's `print`. Default false: they are erased before anything is checked. */
  readonly prints?: boolean;
  /**
   * JSON Schemas by the names that annotations use (`schema.users`); with one named `schema.input`, what the input
   * does not have is an error wherever a rule asks for it.
   */
  readonly schemas?: Readonly<Record<string, RegoValue>>;
}

export type Backend = "javascript" | "closures";

/** One answer of a query. */
export interface Answer {
  readonly bindings: Readonly<Record<string, RegoValue>>;
  readonly expressions: readonly {
    readonly text: string;
    readonly value: RegoValue;
    readonly at: Location;
  }[];
}

const noQuery: PlannedQuery = { body: [], variables: [], text: "", shown: new Set() };

/**
 * Compiles modules.
 *
 * @throws RegoDiagnostics with OPA's codes: all that the parser found in any module, or all that one stage found.
 */
export function compile(sources: readonly Source[], options: CompileOptions): Policy {
  return compileParsed(parseModules(sources, { version: options.version ?? "v1" }), options);
}

/**
 * Compiles modules that were parsed before.
 *
 * @throws RegoDiagnostics with all that one stage found.
 */
export function compileParsed(modules: readonly Module[], options: CompileOptions): Policy {
  const builtins = new Map(options.builtins.map((one) => [one.name, one]));
  const { prints = false, strict = false } = options;
  const schemas = new Map(Object.entries(options.schemas ?? {}));
  const compiled = withinStack("a rule", () =>
    compileModules(modules, { builtins, prints, strict, schemas }),
  );
  return new Policy(compiled, { backend: options.backend ?? "javascript", version: options.version ?? "v1" });
}

export interface PrepareOptions {
  /** The evaluation can be followed from place to place, and is slower. */
  readonly followed?: boolean;
  /** The evaluation tells of every event in it, and is slower by far. */
  readonly traced?: boolean;
  /** The package that the query stands in: it may use the names of its rules. */
  readonly package?: string;
  /** What the query imports: `data.roles`, `input.user as user`. */
  readonly imports?: readonly string[];
  /** Builtins that the query itself may not call; modules may. */
  readonly unsafeBuiltins?: ReadonlySet<string>;
}

interface PolicySettings {
  readonly backend: Backend;
  readonly version: RegoVersion;
}

export interface OpenedPolicy {
  readonly compiled: Compiled;
  readonly body: Body;
  readonly program: Program;
}

/** Compiled modules, ready for queries. */
export class Policy {
  readonly #compiled: Compiled;
  readonly #settings: PolicySettings;

  constructor(compiled: Compiled, settings: PolicySettings) {
    this.#compiled = compiled;
    this.#settings = settings;
  }

  get modules(): readonly Module[] {
    return this.#compiled.modules;
  }

  /** The rules as the compiler has made them, one after the other. */
  get rules(): readonly Rule[] {
    return this.#compiled.tree.nodes.flatMap((node) => node.rules.map(({ rule }) => rule));
  }

  /** TypeScript for what annotations call entrypoints: an interface of what each takes and gives. */
  declarations(): string {
    const { modules, tree, types } = this.#compiled;
    return declarationsOf(modules, tree.nodes, types);
  }

  /** Compiles a query over the modules: `data.authz.allow = x`. */
  prepare(query: string, options: PrepareOptions = {}): PreparedQuery {
    return new PreparedQuery(...this.#link(this.#query(query, options), options));
  }

  #query(text: string, options: PrepareOptions, unifiesEqual = false): PlannedQuery {
    const { version } = this.#settings;
    const body = parseQuery(text, { version });
    const unsafe = unsafeCalls(body, options.unsafeBuiltins ?? new Set());
    if (unsafe.length > 0) throw new RegoDiagnostics(unsafe);
    return compileQuery(this.#compiled, { text, body, globals: this.#globals(options), unifiesEqual });
  }

  /** What another evaluator of the same rules works on: the query as the compiler has made it, and all that runs. */
  open(query: string, options: PrepareOptions = {}): OpenedPolicy {
    const { body } = this.#query(query, options, true);
    const [, program] = this.#link(noQuery, options);
    return { compiled: this.#compiled, body, program };
  }

  /** Makes every document ready to be asked for by its path. */
  prepareDocuments(options: Pick<PrepareOptions, "followed" | "traced"> = {}): PreparedDocuments {
    const [, program] = this.#link(noQuery, options);
    return new PreparedDocuments(program, tracedQuery);
  }

  /**
   * The text of an ES module that answers for every document without the compiler and without making code from text:
   * `openCompiled` of `custody/rego/compiled` takes what it exports.
   */
  toModule(): string {
    const { tree, builtins } = this.#compiled;
    return withinStack("a rule", () => {
      const plan = planAll(tree, builtins, { ...noQuery, watched: "unwatched" });
      const emitted = emitJavaScript(plan, builtins);
      return moduleText(emitted.source, { ...emitted, outline: outlineOf(plan) });
    });
  }

  #globals({ package: path, imports = [] }: PrepareOptions): Globals {
    if (path === undefined && imports.length === 0) return new Map();
    const lines = [`package ${path ?? "query"}`, ...imports.map((one) => `import ${one}`)];
    const { version } = this.#settings;
    const module = parseModule({ file: "", text: lines.join("\n") }, { version });
    return queryGlobals(this.#compiled, module, path !== undefined);
  }

  #link(query: PlannedQuery, { followed = false, traced = false }: PrepareOptions): [Plan, Program] {
    const { tree, builtins } = this.#compiled;
    return withinStack("a rule", () => {
      const plan = planAll(tree, builtins, {
        ...query,
        watched: traced ? "traced" : followed ? "followed" : "unwatched",
      });
      if (traced || this.#settings.backend === "closures") return [plan, linkClosures(plan, builtins)];
      const emitted = emitJavaScript(plan, builtins);
      const parts = { ...emitted, outline: outlineOf(plan) };
      return [plan, linkCode(evaluateSource(emitted.source), parts, builtins)];
    });
  }
}

/** A query that can be answered again and again. */
export class PreparedQuery {
  readonly #plan: Plan;
  readonly #program: Program;
  readonly #kept = new Map<string, unknown>();

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
    const frame = makeFrame(input, options, this.#kept);
    withinEvaluation(() =>
      this.#program.query(frame, (values, shown) => {
        answers.push({
          bindings: objectOf(
            bindings.map(([name], i) => [name, values[i] as RegoValue] as const),
          ) as Answer["bindings"],
          expressions: expressions.map(({ text, at }, i) => ({ text, at, value: shown[i] as RegoValue })),
        });
      }),
    );
    return answers;
  }
}
