import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

import type { Answer, Policy, PreparedQuery, PrepareOptions, RegoValue } from "custody/rego";
import { readJson, WorldAnswers, writeJson } from "custody/rego";
import { Coverage, coverageDocument, coverageSummary } from "custody/rego/cover";
import type { CoverageReport } from "custody/rego/cover";
import {
  answersDocument,
  bindingsText,
  documentText,
  items,
  members,
  prettyText,
  problemsDocument,
  problemsText,
  rawText,
  valuesText,
} from "custody/rego/results";
import type { Document } from "custody/rego/results";
import { CustodyError } from "custody/ground";
import { Explainer } from "custody/rego/explain";
import { commandDocument, explainModes, traceLines, TraceLog } from "custody/rego/trace";
import type { ExplainMode } from "custody/rego/trace";
import type { Residual } from "custody/rego/partial";

import { endings } from "./call.ts";
import type { RegoCall } from "./call.ts";
import { InputError } from "./input-error.ts";
import { explained } from "./load-error.ts";
import { loadBundles } from "./load-bundle.ts";
import { loadPaths, mergeLoaded } from "./load.ts";
import { localHost } from "./host.ts";
import { checkFormat, limitsOf, partially, residualText } from "./partial.ts";
import type { PartialFlags } from "./partial.ts";
import { Timers } from "./timers.ts";
import { compileSources, readInput } from "./policy-options.ts";
import type { InputOptions, LanguageOptions } from "./policy-options.ts";
import { loadSchemas } from "./schemas.ts";
import type { SchemaOptions } from "./schemas.ts";

export interface EvalOptions extends LanguageOptions, InputOptions, SchemaOptions, PartialFlags {
  readonly format: "json" | "pretty" | "values" | "bindings" | "raw" | "discard" | "source";
  readonly data: readonly string[];
  readonly bundle: readonly string[];
  readonly ignore: readonly string[];
  readonly import: readonly string[];
  readonly package?: string;
  readonly stdin?: boolean;
  readonly fail?: boolean;
  readonly failDefined?: boolean;
  readonly strictBuiltinErrors?: boolean;
  readonly coverage?: boolean;
  readonly metrics?: boolean;
  readonly explain: ExplainMode | "decisions" | "off";
  readonly varValues?: boolean;
  readonly record?: string;
  readonly replay?: string;
  readonly count: number;
  readonly timeout?: number;
}

/** Everything that one run of a query showed. */
interface Shown {
  readonly answers: readonly Answer[];
  readonly residual?: Residual;
  readonly coverage?: CoverageReport;
  readonly metrics?: Timers;
  readonly explanation?: { readonly lines: readonly string[]; readonly document: Document };
}

/** `custody rego eval`: ends with 1 where `--fail` says so, and with 2 for what could not be evaluated. */
export async function evaluate(call: RegoCall<EvalOptions>): Promise<number> {
  const { options, streams } = call;
  let shown: Shown;
  try {
    shown = await run(call);
  } catch (error) {
    if (error instanceof InputError) {
      streams.err(`${error.message}\n`);
      return endings.error;
    }
    const { problems } = explained(error, call.args[0]);
    const isJson = options.format === "json" || options.format === "discard";
    if (isJson) streams.out(`${documentText(members({ errors: problemsDocument(problems) }))}\n`);
    else streams.err(problemsText(problems));
    return endings.error;
  }
  streams.out(shownText(shown, options.format));
  const isDefined = (shown.residual?.queries ?? shown.answers).length > 0;
  return (options.fail && !isDefined) || (options.failDefined && isDefined) ? endings.failed : endings.done;
}

async function run(call: RegoCall<EvalOptions>): Promise<Shown> {
  const { options } = call;
  checkFormat(options);
  const timers = new Timers();
  const query = await readQuery(call);
  const input = await readInput(options);
  const loaded = mergeLoaded([
    await loadPaths(options.data, options),
    ...(await loadBundles(options.bundle, options)),
  ]);
  const schemas = await loadSchemas(options);
  const policy = timers.time("rego_module_compile", () => compileSources(loaded.sources, options, schemas));
  const loadedRun = { policy, timers, input, data: loaded.data };
  if (options.partial) return { answers: [], ...partially(query, options, loadedRun) };
  const prepared = timers.time("rego_query_compile", () =>
    policy.prepare(query, {
      ...watching(options),
      imports: options.import,
      ...(options.package && { package: options.package }),
    }),
  );
  const world = await readWorld(options);
  const shown = runPrepared(call, { ...loadedRun, prepared, world });
  if (options.record !== undefined && world) {
    await writeFile(options.record, `${writeJson(world.toDocument())}\n`);
  }
  return shown;
}

/** What the world is to say again, or where what it says is kept. */
async function readWorld({ record, replay }: EvalOptions): Promise<WorldAnswers | undefined> {
  if (replay !== undefined) return WorldAnswers.of(readJson(await readFile(replay, "utf8")));
  return record === undefined ? undefined : new WorldAnswers();
}

interface Prepared {
  readonly policy: Policy;
  readonly prepared: PreparedQuery;
  readonly timers: Timers;
  readonly input: RegoValue | undefined;
  readonly data: RegoValue;
  readonly world: WorldAnswers | undefined;
}

function runPrepared({ options, streams }: RegoCall<EvalOptions>, run: Prepared): Shown {
  const { policy, prepared, timers, input, data, world } = run;
  const coverage = options.coverage ? new Coverage(policy) : undefined;
  const explainer = options.explain === "decisions" ? new Explainer(policy) : undefined;
  const log = isTraced(options) ? new TraceLog() : undefined;
  const settings = {
    data,
    host: localHost((line) => streams.err(`${line}\n`)),
    strictBuiltinErrors: options.strictBuiltinErrors ?? false,
    limits: limitsOf(options),
    follow: (at: Parameters<Coverage["visit"]>[0]): void => {
      coverage?.visit(at);
      explainer?.visit(at);
    },
    ...(log && { trace: log.add }),
    ...(world && { world }),
  };
  let answers: readonly Answer[] = [];
  for (let i = 0; i < options.count; i++) {
    answers = timers.time("rego_query_eval", () => prepared.evaluate(input, settings));
  }
  return {
    answers,
    ...(coverage && { coverage: coverage.report() }),
    ...(explainer && { explanation: decisionsOf(explainer.lines({ input, data, host: localHost() })) }),
    ...(log && { explanation: traceOf(log, options) }),
    ...(options.metrics && { metrics: timers }),
  };
}

type Explained = NonNullable<Shown["explanation"]>;

function isTraced({ explain }: EvalOptions): boolean {
  return explain !== "off" && explain !== "decisions";
}

/** One evaluation is either followed or traced. */
function watching(options: EvalOptions): Pick<PrepareOptions, "followed" | "traced"> {
  if (!isTraced(options)) return { followed: options.coverage === true || options.explain === "decisions" };
  if (!options.coverage) return { traced: true };
  throw new CustodyError("cli/usage", "--coverage goes with --explain decisions only", {
    next: "ask for the one after the other",
  });
}

function decisionsOf(lines: readonly string[]): Explained {
  return { lines, document: items(lines) };
}

function traceOf(log: TraceLog, { explain, varValues: values = false }: EvalOptions): Explained {
  const mode = explainModes.find((one) => one === explain) ?? "full";
  const events = log.shown(mode);
  return { lines: traceLines(events, { values }), document: commandDocument(events) };
}

async function readQuery({ options, args }: RegoCall<EvalOptions>): Promise<string> {
  if (options.stdin) return text(process.stdin);
  const [query] = args;
  if (query !== undefined) return query.startsWith("@") ? readFile(query.slice(1), "utf8") : query;
  throw new CustodyError("cli/usage", "specify a query, or --stdin", {
    next: "see custody rego eval --help",
  });
}

function shownText(shown: Shown, format: EvalOptions["format"]): string {
  if (shown.residual) return residualText(shown.residual, shown.metrics, format);
  switch (format) {
    case "values":
      return valuesText(shown.answers);
    case "bindings":
      return bindingsText(shown.answers);
    case "raw":
      return rawText(shown.answers);
    case "pretty":
      return [
        ...(shown.explanation?.lines ?? []).map((line) => `${line}\n`),
        prettyText(shown.answers),
        shown.metrics?.table() ?? "",
        shown.coverage ? coverageSummary(shown.coverage) : "",
      ].join("");
    default:
      return `${documentText(shownDocument(shown, format === "discard"))}\n`;
  }
}

function shownDocument({ answers, metrics, explanation, coverage }: Shown, isDiscarded: boolean): Document {
  const result = answersDocument(answers);
  return members({
    result: isDiscarded && result ? "discarded" : result,
    ...metrics?.members(),
    explanation: explanation?.document,
    coverage: coverage && coverageDocument(coverage),
  });
}
