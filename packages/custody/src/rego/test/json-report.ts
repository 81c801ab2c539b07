import { documentText, items, locationDocument, members, membersOf, value } from "../results/index.ts";
import type { Document } from "../results/index.ts";
import { stringBytes } from "../values/index.ts";
import { numberOfInteger } from "../values/index.ts";
import { pathText } from "./find-tests.ts";
import type { SubResult } from "./sub-results.ts";
import type { TestResult } from "./suite.ts";

/** The results as `opa test --format json` prints them. */
export function jsonReport(results: readonly TestResult[]): string {
  return `${documentText(items(results.map(resultDocument)))}\n`;
}

function resultDocument(result: TestResult): Document {
  const { test, outcome, output, subResults, error, failedAt } = result;
  const text = output.map((line) => `${line}\n`).join("");
  return members({
    location: locationDocument(test.at),
    package: pathText(["data", ...test.package]),
    name: pathText(test.name),
    fail: outcome === "fail" || undefined,
    error: error && errorDocument(error),
    skip: outcome === "skip" || undefined,
    duration: value(numberOfInteger(result.durationNanoseconds)),
    output: text === "" ? undefined : base64(text),
    failed_at: failedAt && locationDocument(failedAt),
    sub_results: subResults.length > 0 ? subDocument(subResults) : undefined,
  });
}

function errorDocument({
  evaluationCode: code,
  reason: message,
  at,
}: NonNullable<TestResult["error"]>): Document {
  return members({ code, message, location: at && locationDocument(at) });
}

function subDocument(results: readonly SubResult[]): Document {
  return membersOf(
    results.map(({ name, failed, subResults }) => [
      name,
      members({
        name: name === "" ? undefined : name,
        fail: failed || undefined,
        sub_results: subResults.length > 0 ? subDocument(subResults) : undefined,
      }),
    ]),
  );
}

function base64(text: string): string {
  return btoa(Array.from(stringBytes(text), (byte) => String.fromCodePoint(byte)).join(""));
}
