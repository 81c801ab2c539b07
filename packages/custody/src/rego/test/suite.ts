import type { Builtin, RegoHost } from "../builtins/builtin.ts";
import { compileParsed } from "../engine.ts";
import type { PreparedDocuments } from "../documents.ts";
import type { CompileOptions, Policy } from "../engine.ts";
import { EvaluationError } from "../runtime/index.ts";
import type { TraceEvent } from "../runtime/index.ts";
import { TraceLog } from "../trace/index.ts";
import type { Location, Module } from "../syntax/index.ts";
import type { RegoArray, RegoValue } from "../values/index.ts";
import { isArray } from "../values/index.ts";
import { findTests } from "./find-tests.ts";
import type { TestCase } from "./find-tests.ts";
import { prepareModules } from "./prepare-module.ts";
import { subResultsOf } from "./sub-results.ts";
import type { SubResult } from "./sub-results.ts";

export interface SuiteOptions extends CompileOptions {
  /** Nanoseconds, from any beginning. */
  readonly clock: () => bigint;
  /** How long one test may take. */
  readonly timeoutNanoseconds: bigint;
  /** Follows every evaluation from place to place: tests are slower, and say where they failed. */
  readonly follow?: (at: Location) => void;
  /** Traces every evaluation, instead of following it. */
  readonly traced?: boolean;
  readonly data?: RegoValue;
  readonly host?: RegoHost;
}

export type Outcome = "pass" | "fail" | "skip" | "error";

/** How a test ended. */
export interface TestResult {
  readonly test: TestCase;
  readonly outcome: Outcome;
  readonly durationNanoseconds: bigint;
  /** What it printed, line by line. */
  readonly output: readonly string[];
  readonly subResults: readonly SubResult[];
  readonly error?: EvaluationError;
  /** Of a test that failed and was followed: the expression of its own that it came to last. */
  readonly failedAt?: Location;
  /** Of a test that failed and was traced: all that happened. */
  readonly trace?: readonly TraceEvent[];
}

/** The tests of modules, compiled together and run one by one, each in an evaluation of its own. */
export class TestSuite {
  readonly policy: Policy;
  readonly tests: readonly TestCase[];
  readonly #options: SuiteOptions;
  readonly #documents: PreparedDocuments;
  #announced: RegoArray[] = [];

  /** @throws RegoDiagnostics */
  constructor(modules: readonly Module[], options: SuiteOptions) {
    const prepared = prepareModules(modules);
    const builtins = options.builtins.map((one) =>
      one.name === "internal.test_case" ? this.#hearing(one) : one,
    );
    this.policy = compileParsed(prepared, { ...options, builtins, prints: true });
    this.tests = findTests(prepared);
    this.#options = options;
    this.#documents = this.policy.prepareDocuments({
      followed: options.follow !== undefined,
      traced: options.traced === true,
    });
  }

  #hearing(announce: Builtin): Builtin {
    const evaluate: Builtin["evaluate"] = (_context, keys) => {
      if (keys !== undefined && isArray(keys)) this.#announced.push(keys);
      return true;
    };
    return { ...announce, evaluate };
  }

  run(test: TestCase): TestResult {
    if (test.isTodo) {
      return { test, outcome: "skip", durationNanoseconds: 0n, output: [], subResults: [] };
    }
    this.#announced = [];
    const { clock } = this.#options;
    const output: string[] = [];
    const begin = clock();
    const { last, follow } = this.#following(test);
    const log = this.#options.traced ? new TraceLog() : undefined;
    const ended = this.#evaluate(test, { output, begin, follow, log });
    const durationNanoseconds = clock() - begin;
    const ran = { test, durationNanoseconds, output, ...ended };
    if (ended.outcome !== "fail") return ran;
    const failedAt = last();
    return { ...ran, ...(failedAt && { failedAt }), ...(log && { trace: log.events }) };
  }

  #evaluate(test: TestCase, run: Run): Ended {
    const { host, data, clock, timeoutNanoseconds } = this.#options;
    const deadline = run.begin + timeoutNanoseconds;
    try {
      const value = this.#documents.find([...test.package, ...test.name], undefined, {
        host: { ...host, print: (line) => run.output.push(line) },
        limits: { isOver: () => clock() > deadline },
        ...(data !== undefined && { data }),
        ...(run.follow && { follow: run.follow }),
        ...(run.log && { trace: run.log.add }),
      });
      return this.#judge(test, value);
    } catch (error) {
      if (error instanceof EvaluationError) return { outcome: "error", subResults: [], error };
      throw error;
    }
  }

  #judge({ hasCases }: TestCase, value: RegoValue | undefined): Ended {
    if (!hasCases || value === undefined)
      return { outcome: value === true ? "pass" : "fail", subResults: [] };
    const subResults = subResultsOf(value, this.#announced);
    return { outcome: subResults.some(({ failed }) => failed) ? "fail" : "pass", subResults };
  }

  /** Remembers the last place within the test's own rule. */
  #following({ at }: TestCase): Following {
    const { follow: tell } = this.#options;
    let last: Location | undefined;
    if (!tell) return { last: () => undefined, follow: undefined };
    const follow = (place: Location): void => {
      tell(place);
      if (place.file === at.file && place.offset > at.offset && place.end <= at.end) last = place;
    };
    return { last: () => last, follow };
  }
}

interface Run {
  readonly output: string[];
  readonly begin: bigint;
  readonly follow: ((at: Location) => void) | undefined;
  readonly log: TraceLog | undefined;
}

type Ended = Pick<TestResult, "outcome" | "subResults" | "error">;

interface Following {
  readonly last: () => Location | undefined;
  readonly follow: ((at: Location) => void) | undefined;
}
