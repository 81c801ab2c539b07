import { isArray } from "custody/rego";
import type { AnyObject, EvaluateOptions, Policy, PreparedQuery, RegoValue } from "custody/rego";

import { DecidingPath } from "./deciding-path.ts";
import { ConftestFault } from "./faults.ts";
import type { Parsed, ValuePath } from "./format.ts";
import { readAnswers } from "./result.ts";
import type { RuleAnswer } from "./result.ts";
import { findCheckRules } from "./rules.ts";
import type { CheckRule } from "./rules.ts";

/** A file that is checked. */
export interface CheckedFile {
  readonly path: string;
  readonly parsed: Parsed;
}

/** What a rule complains about, and where. */
export interface Complaint {
  /** `deny`, `warn_size`. */
  readonly rule: string;
  readonly message: string;
  readonly metadata: AnyObject;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** What one namespace found in one file. */
export interface CheckResult {
  readonly file: string;
  readonly namespace: string;
  readonly successes: number;
  readonly failures: readonly Complaint[];
  readonly warnings: readonly Complaint[];
  /** Exceptions that kept rules from being asked, each as its query. */
  readonly exceptions: readonly string[];
}

interface Subject {
  readonly file: string;
  readonly input: RegoValue;
  /** Where the value at a path of the input is. */
  readonly placeOf: (path: ValuePath) => Pick<Complaint, "file" | "line">;
}

interface Prepared {
  readonly rule: CheckRule;
  readonly query: PreparedQuery;
  readonly exception: PreparedQuery;
  readonly exceptionText: string;
  readonly deciding: DecidingPath;
}

/** What all files together are called, as conftest calls them. */
const combined = "Combined";

/** The rules of one namespace, ready for files. */
export class Checker {
  readonly #namespace: string;
  readonly #rules: readonly Prepared[];

  /** @throws ConftestFault `conftest/policy` where the namespace has no rule that checks: nothing checked is not all well. */
  constructor(policy: Policy, namespace: string) {
    this.#namespace = namespace;
    const rules = findCheckRules(policy.modules, namespace);
    this.#rules = rules.map((rule) => prepare(policy, namespace, rule));
    if (rules.length > 0) return;
    throw new ConftestFault("conftest/policy", `no rule of the namespace ${namespace} checks anything`, {
      subject: namespace,
      next: "name rules deny, violation or warn, or choose another namespace",
    });
  }

  /**
   * Checks a file; each member of a list at its top is checked alone.
   *
   * @throws ConftestFault `conftest/policy`, EvaluationError.
   */
  check({ path: file, parsed }: CheckedFile, options: EvaluateOptions): CheckResult {
    const { value, lineOf } = parsed;
    const placeOf = (path: ValuePath): Pick<Complaint, "file" | "line"> => ({ file, line: lineOf(path) });
    if (!isArray(value)) return this.#ask({ file, input: value, placeOf }, options);
    const parts = value.map((input, i) =>
      this.#ask({ file, input, placeOf: (path) => placeOf([i, ...path]) }, options),
    );
    return this.#joined(file, parts);
  }

  /** Checks all files at once: the input is `[{path, contents}, …]`. */
  checkCombined(files: readonly CheckedFile[], options: EvaluateOptions): CheckResult {
    const entries = files.flatMap(({ path, parsed: { value, lineOf } }) =>
      isArray(value)
        ? value.map((contents, i) => ({
            path,
            contents,
            lineOf: (inner: ValuePath) => lineOf([i, ...inner]),
          }))
        : [{ path, contents: value, lineOf }],
    );
    const input = entries.map(({ path, contents }) => ({ path, contents }));
    const placeOf = ([index, , ...inner]: ValuePath): Pick<Complaint, "file" | "line"> => {
      const entry = entries[Number(index)];
      return entry ? { file: entry.path, line: entry.lineOf(inner) } : { file: combined, line: 1 };
    };
    return this.#ask({ file: combined, input, placeOf }, options);
  }

  #joined(file: string, parts: readonly CheckResult[]): CheckResult {
    return {
      file,
      namespace: this.#namespace,
      successes: parts.reduce((sum, { successes }) => sum + successes, 0),
      failures: parts.flatMap(({ failures }) => failures),
      warnings: parts.flatMap(({ warnings }) => warnings),
      exceptions: parts.flatMap(({ exceptions }) => exceptions),
    };
  }

  #ask(subject: Subject, options: EvaluateOptions): CheckResult {
    const { file, input } = subject;
    const failures: Complaint[] = [];
    const warnings: Complaint[] = [];
    const exceptions: string[] = [];
    for (const { rule, query, exception, exceptionText, deciding } of this.#rules) {
      const answers = readAnswers(rule.name, query.evaluate(input, options)[0]?.expressions[0]?.value);
      const excepted = exception.evaluate(input, options).map(() => exceptionText);
      exceptions.push(...excepted);
      const isPlaced = answers.every(({ path, line }) => path !== undefined || line !== undefined);
      const standard = excepted.length > 0 || isPlaced ? [] : (deciding.find(input, options) ?? []);
      const complaints =
        excepted.length > 0 ? [] : answers.map((one) => complaintOf(one, rule, { ...subject, standard }));
      (rule.severity === "failure" ? failures : warnings).push(...complaints);
    }
    const count = this.#rules.reduce((sum, { rule }) => sum + rule.count, 0);
    const found = failures.length + warnings.length + exceptions.length;
    return {
      file,
      namespace: this.#namespace,
      successes: Math.max(0, count - found),
      failures,
      warnings,
      exceptions,
    };
  }
}

function prepare(policy: Policy, namespace: string, rule: CheckRule): Prepared {
  const exceptionText = `data.${namespace}.exception[_][_] == ${JSON.stringify(rule.exceptionName)}`;
  return {
    rule,
    query: policy.prepare(`data.${namespace}.${rule.name}`),
    exception: policy.prepare(exceptionText),
    exceptionText,
    deciding: new DecidingPath(policy, namespace, rule.name),
  };
}

/** @param standard the path of a complaint that does not say its own. */
function complaintOf(
  answer: RuleAnswer,
  { name }: CheckRule,
  { placeOf, standard }: Subject & { readonly standard: ValuePath },
): Complaint {
  const { message, metadata, path = standard } = answer;
  const place = placeOf(path);
  const [file, line] = [answer.file ?? place.file, answer.line ?? place.line];
  return { rule: name, message, metadata, file, line };
}
