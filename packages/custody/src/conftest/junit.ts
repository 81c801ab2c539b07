import type { CheckResult } from "./checker.ts";

/** The results as JUnit's XML: a suite for each file and namespace. */
export function junitReport(results: readonly CheckResult[]): string {
  const suites = results.map(suiteLines);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    ...suites.flat(),
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteLines({
  file,
  namespace,
  successes,
  warnings,
  failures,
  exceptions,
}: CheckResult): readonly string[] {
  const failed = [...failures, ...warnings];
  const passed = [...exceptions, ...Array.from({ length: successes }, (_, i) => `success ${i + 1}`)];
  const name = escaped(`conftest.${namespace}`);
  return [
    `  <testsuite name="${name}" tests="${failed.length + passed.length}" failures="${failed.length}">`,
    ...failed.flatMap(({ rule, message, line, file: place }) => [
      `    <testcase classname="${name}" name="${escaped(`${file} - ${rule} - ${message}`)}">`,
      `      <failure message="${escaped(message)}" type="${escaped(rule)}">${escaped(`${place}:${line}`)}</failure>`,
      "    </testcase>",
    ]),
    ...passed.map(
      (text) => `    <testcase classname="${name}" name="${escaped(`${file} - ${text}`)}"></testcase>`,
    ),
    "  </testsuite>",
  ];
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#xA;",
  "\t": "&#x9;",
};

/** Characters that XML 1.0 (§2.2) has no place for are replaced. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, (one) => (one === "\n" || one === "\t" ? one : "\uFFFD"))
    .replaceAll(/[&<>"\n\t]/g, (one) => entities[one] ?? one);
}
