import type { PlainObject, RegoValue } from "custody/rego";

import type { CheckResult, Complaint } from "./checker.ts";

interface Level {
  readonly level: "error" | "warning";
  readonly complaint: Complaint;
  readonly namespace: string;
}

/** The results as SARIF 2.1.0 (OASIS): a rule for each rule that complained, a result with its place for each complaint. */
export function sarifReport(results: readonly CheckResult[]): RegoValue {
  const found = results.flatMap(({ failures, warnings, namespace }): readonly Level[] => [
    ...failures.map((complaint) => ({ level: "error" as const, complaint, namespace })),
    ...warnings.map((complaint) => ({ level: "warning" as const, complaint, namespace })),
  ]);
  const ids = [...new Set(found.map(ruleId))].sort();
  const run = {
    tool: { driver: { name: "custody", rules: ids.map((id) => ruleOf(id, found)) } },
    results: found.map((one) => resultOf(one, ids.indexOf(ruleId(one)))),
    columnKind: "utf16CodeUnits",
  };
  return { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
}

function ruleId({ namespace, complaint }: Level): string {
  return `${namespace}/${complaint.rule}`;
}

function ruleOf(id: string, found: readonly Level[]): RegoValue {
  const level = found.find((one) => ruleId(one) === id)?.level ?? "error";
  return {
    id,
    shortDescription: { text: `the rule data.${id.replaceAll("/", ".")}` },
    defaultConfiguration: { level },
  };
}

function resultOf({ level, complaint, ...one }: Level, ruleIndex: number): RegoValue {
  const { message, file, line, metadata } = complaint;
  const properties = metadata as PlainObject;
  return {
    ruleId: ruleId({ level, complaint, ...one }),
    ruleIndex,
    level,
    message: { text: message === "" ? "(no message)" : message },
    locations: [
      { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line } } },
    ],
    ...(Object.keys(properties).length > 0 && { properties }),
  };
}

/** A path as a reference: relative ones stay relative. */
function uriOf(path: string): string {
  return encodeURI(path.replaceAll("\\", "/")).replaceAll("#", "%23").replaceAll("?", "%3F");
}
