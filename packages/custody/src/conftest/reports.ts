import { documentText, members, items, value } from "custody/rego/results";
import type { Document } from "custody/rego/results";

import type { CheckResult, Complaint } from "./checker.ts";
import { junitReport } from "./junit.ts";
import { sarifReport } from "./sarif.ts";

export const outputs = ["stdout", "json", "sarif", "tap", "junit", "github"] as const;

export type Output = (typeof outputs)[number];

/** What is printed of results. */
export function checkReport(results: readonly CheckResult[], output: Output): string {
  switch (output) {
    case "json":
      return `${documentText(items(results.map(resultDocument)))}\n`;
    case "sarif":
      return `${documentText(value(sarifReport(results)))}\n`;
    case "tap":
      return results.flatMap(tapLines).map(line).join("");
    case "junit":
      return junitReport(results);
    case "github":
      return [...results.flatMap(githubLines), summary(results)].map(line).join("");
    default:
      return [...results.flatMap(plainLines), "", summary(results)].map(line).join("");
  }
}

function line(text: string): string {
  return `${text}\n`;
}

function plainLines({ file, namespace, warnings, failures, exceptions }: CheckResult): readonly string[] {
  const place = `- ${file} - ${namespace} -`;
  return [
    ...warnings.map(({ message }) => `WARN ${place} ${message}`),
    ...failures.map(({ message }) => `FAIL ${place} ${message}`),
    ...exceptions.map((exception) => `EXCP ${place} ${exception}`),
  ];
}

function summary(results: readonly CheckResult[]): string {
  const sum = (count: (one: CheckResult) => number): number =>
    results.reduce((total, one) => total + count(one), 0);
  const [passed, warned] = [sum(({ successes }) => successes), sum(({ warnings }) => warnings.length)];
  const [failed, excepted] = [
    sum(({ failures }) => failures.length),
    sum(({ exceptions }) => exceptions.length),
  ];
  const total = passed + warned + failed + excepted;
  const counts = [
    `${passed} passed`,
    counted(warned, "warning"),
    counted(failed, "failure"),
    counted(excepted, "exception"),
  ];
  return `${counted(total, "test")}, ${counts.join(", ")}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function tapLines({
  file,
  namespace,
  successes,
  warnings,
  failures,
  exceptions,
}: CheckResult): readonly string[] {
  const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, " ");
  const tests = [
    ...failures.map(({ message }) => ["not ok", message] as const),
    ...warnings.map(({ message }) => ["not ok", message] as const),
    ...exceptions.map((exception) => ["ok", exception] as const),
    ...Array.from({ length: successes }, () => ["ok", "SUCCESS"] as const),
  ];
  const lines = tests.map(
    ([state, text], i) => `${state} ${i + 1} - ${file} - ${namespace} - ${oneLine(text)}`,
  );
  return tests.length === 0 ? [] : [`1..${tests.length}`, ...lines];
}

function githubLines(result: CheckResult): readonly string[] {
  const { file, namespace, successes, warnings, failures, exceptions } = result;
  const count = successes + warnings.length + failures.length + exceptions.length;
  return [
    `::group::Testing "${commandText(file)}" against ${count} policies in namespace "${namespace}"`,
    ...failures.map((one) => githubLine("error", one)),
    ...warnings.map((one) => githubLine("warning", one)),
    ...exceptions.map((message) => githubLine("notice", { file, line: 1, message })),
    githubLine("notice", { file, line: 1, message: `Number of successful checks: ${successes}` }),
    "::endgroup::",
  ];
}

function githubLine(
  level: string,
  { file, line, message }: Pick<Complaint, "file" | "line" | "message">,
): string {
  const name = commandText(file).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return `::${level} file=${name},line=${line}::${commandText(message)}`;
}

/** A text that ends no workflow command: messages come from what is checked. */
function commandText(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function resultDocument({
  file,
  namespace,
  successes,
  warnings,
  failures,
  exceptions,
}: CheckResult): Document {
  return members({
    filename: file,
    namespace,
    successes,
    ...(warnings.length > 0 && { warnings: items(warnings.map(complaintDocument)) }),
    ...(failures.length > 0 && { failures: items(failures.map(complaintDocument)) }),
    ...(exceptions.length > 0 && { exceptions: items(exceptions.map((msg) => members({ msg }))) }),
  });
}

function complaintDocument({ rule, message, file, line, metadata }: Complaint): Document {
  return members({ msg: message, rule, loc: members({ file, line }), metadata: value(metadata) });
}
