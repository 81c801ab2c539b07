import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import {
  compile,
  EvaluationError,
  readJson,
  RegoDiagnostics,
  RegoSet,
  toPlainJson,
  writeJson,
} from "custody/rego";
import type { Answer, Backend, Builtin, RegoValue } from "custody/rego";
import { allBuiltins } from "custody/rego/builtins";
import { compare, isArray, isObject, isSet, objectEntries, objectOf } from "custody/rego";
import { openRegoHost } from "@custody/node/rego-host";

/** One case of OPA's suite (`v1/test/cases`). */
interface Case {
  readonly note: string;
  readonly query: string;
  readonly modules?: readonly string[];
  readonly data?: unknown;
  readonly input?: unknown;
  readonly input_term?: string;
  readonly want_result?: readonly unknown[] | null;
  readonly want_defined?: boolean;
  readonly want_error?: string;
  readonly want_error_code?: string;
  readonly strict_error?: boolean;
  readonly sort_bindings?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export interface CaseOutcome {
  readonly category: string;
  readonly note: string;
  /** Undefined when it passed. */
  readonly failure: string | undefined;
}

/** Runs every case of a directory of OPA's suite: one folder a category, JSON files of cases. */
export function runCases(directory: string, backend: Backend = "javascript"): readonly CaseOutcome[] {
  return caseFiles(directory).flatMap(({ category, file }) =>
    readCases(file).map((one) => ({
      category,
      note: one.note,
      failure: runCase(one, { category, backend }),
    })),
  );
}

/** The suite knows of no runtime but the environment of some cases. */
const { runtime: _, ...host } = openRegoHost();

/** What the suite brings along: it waits for a duration in milliseconds, and answers null. */
const sleep: Builtin = {
  name: "test.sleep",
  args: [{ type: "string" }],
  result: { type: "null" },
  evaluate: (_, duration) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number.parseFloat(duration as string));
    return null;
  },
};

const builtins: readonly Builtin[] = [...allBuiltins, sleep];

interface Setting {
  readonly category: string;
  readonly backend: Backend;
}

function caseFiles(directory: string): { category: string; file: string }[] {
  return readdirSync(directory)
    .filter((name) => statSync(join(directory, name)).isDirectory())
    .sort()
    .flatMap((category) =>
      readdirSync(join(directory, category), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".json"))
        .sort()
        .map((name) => ({ category, file: join(directory, category, name) })),
    );
}

function readCases(file: string): readonly Case[] {
  const text = readFileSync(file, "utf8");
  const parsed = readJson(text) as unknown as { cases: readonly Case[] };
  return parsed.cases;
}

function runCase(one: Case, setting: Setting): string | undefined {
  try {
    return judge(one, answersOf(one, setting));
  } catch (error) {
    return judgeError(one, error);
  }
}

function answersOf(one: Case, { category, backend }: Setting): readonly Answer[] {
  const sources = (one.modules ?? []).map((text, i) => ({ file: `test-${i}.rego`, text }));
  const version = category.startsWith("v0") ? "v0" : "v1";
  const policy = compile(sources, { builtins, version, backend });
  const input =
    one.input_term === undefined ? (one.input as RegoValue | undefined) : evaluateTerm(one.input_term);
  return policy.prepare(one.query).evaluate(input, {
    data: (one.data ?? {}) as RegoValue,
    strictBuiltinErrors: one.strict_error ?? false,
    host: one.env ? openRegoHost({ env: one.env }) : host,
  });
}

function evaluateTerm(text: string): RegoValue | undefined {
  const [answer] = compile([], { builtins }).prepare(`x = ${text}`).evaluate(undefined);
  return answer?.bindings["x"];
}

function judge(one: Case, answers: readonly Answer[]): string | undefined {
  if (one.want_error !== undefined || one.want_error_code !== undefined) {
    return `wanted the error ${one.want_error_code ?? ""} ${one.want_error ?? ""}, got ${shown(answers)}`;
  }
  if (one.want_defined !== undefined) {
    return one.want_defined === answers.length > 0 ? undefined : `wanted defined: ${one.want_defined}`;
  }
  const wanted = (one.want_result ?? []).map((value) => settled(value as RegoValue, one));
  const got = answers.map(({ bindings }) => settled(plainBindings(bindings), one));
  const same = writeJson(sorted(got)) === writeJson(sorted(wanted));
  return same ? undefined : `wanted ${writeJson(sorted(wanted))}\n      got    ${writeJson(sorted(got))}`;
}

function sorted(values: readonly RegoValue[]): RegoValue {
  return new RegoSet(values).sorted();
}

/** As JSON has it: sets are arrays, keys are strings, numbers are compared by value. */
function plainBindings(bindings: Answer["bindings"]): RegoValue {
  return readJson(writeJson(bindings));
}

function settled(value: RegoValue, { sort_bindings: sort }: Case): RegoValue {
  const plain = toPlainJson(value) as RegoValue;
  return sort ? withSortedArrays(plain) : plain;
}

function withSortedArrays(value: RegoValue): RegoValue {
  if (isArray(value)) return value.map(withSortedArrays).sort(compare);
  if (isSet(value)) return withSortedArrays(value.sorted());
  if (isObject(value))
    return objectOf(objectEntries(value).map(([key, member]) => [key, withSortedArrays(member)]));
  return value;
}

function shown(answers: readonly Answer[]): string {
  return writeJson(answers.map(({ bindings }) => bindings));
}

function judgeError(one: Case, error: unknown): string | undefined {
  const { code, message } = describe(error);
  const wanted = one.want_error_code ?? "";
  if (one.want_error === undefined && wanted === "") return `${code}: ${message}`;
  if (wanted !== "" && code !== wanted)
    return `wanted ${wanted} ${one.want_error ?? ""}, got ${code}: ${message}`;
  if (!message.includes(one.want_error ?? "")) return `wanted the words ${one.want_error}, got ${message}`;
  return undefined;
}

function describe(error: unknown): { code: string; message: string } {
  if (error instanceof EvaluationError) return { code: error.evaluationCode, message: error.message };
  if (error instanceof RegoDiagnostics)
    return { code: error.diagnostics[0]?.code ?? "", message: error.message };
  const { message, stack } = error as Error;
  return { code: "internal", message: `${message} ${stack?.split("\n").slice(1, 4).join(" ") ?? ""}` };
}
