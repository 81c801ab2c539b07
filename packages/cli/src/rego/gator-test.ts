import { text } from "node:stream/consumers";

import { apiVersionOf, gatorPoint, reviewObjects, targetName } from "custody/gatekeeper";
import type { ObjectFinding } from "custody/gatekeeper";
import type { RegoValue } from "custody/rego";
import { allBuiltins } from "custody/rego/builtins";
import { parseDocuments, writeYaml } from "custody/rego/bundle";
import { documentText, value } from "custody/rego/results";

import { endings } from "./call.ts";
import type { RegoCall } from "./call.ts";
import { localHost } from "./host.ts";
import { findDocumentFiles, readDocuments } from "./kubernetes-files.ts";
import { explained } from "./load-error.ts";

export interface GatorTestOptions {
  readonly filename: readonly string[];
  readonly output: "json" | "text" | "yaml";
  readonly denyOnly?: boolean;
}

/** `custody rego gator test`: 0 when nothing is denied, 1 when something is, 2 when something could not be decided. */
export async function gatorTest({ options, streams }: RegoCall<GatorTestOptions>): Promise<number> {
  try {
    const documents = await readAll(options.filename);
    const { send: _, ...host } = localHost();
    const found = reviewObjects(documents, { builtins: allBuiltins, enforcementPoint: gatorPoint, host });
    const shown = options.denyOnly ? found.filter(isDenied) : found;
    streams.out(textOf(shown, options.output));
    if (found.some(({ finding }) => !finding.isDecided)) return endings.error;
    return found.some(isDenied) ? endings.failed : endings.done;
  } catch (error) {
    streams.err(explained(error).text);
    return endings.error;
  }
}

async function readAll(paths: readonly string[]): Promise<readonly RegoValue[]> {
  if (paths.length === 0) return parseDocuments("input.yaml", await text(process.stdin));
  return (await findDocumentFiles(paths, "all")).flatMap(readDocuments);
}

function isDenied({ finding: { actions } }: ObjectFinding): boolean {
  return actions.includes("deny");
}

function textOf(found: readonly ObjectFinding[], output: GatorTestOptions["output"]): string {
  if (output === "text") return found.map(lineOf).join("");
  const results = found.map(resultOf);
  return output === "yaml" ? writeYaml(results) : `${documentText(value(results))}\n`;
}

function lineOf({ object, finding }: ObjectFinding): string {
  const { kind, namespace, name } = object;
  const place = `${apiVersionOf(kind)}/${kind.kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
  const open = finding.isDecided ? "" : " (could not decide)";
  return `${place}: ["${finding.constraint.name}"]${open} Message: ${JSON.stringify(finding.message)}\n`;
}

/** As gator prints it; `undecided` is our own. */
function resultOf({ object, finding }: ObjectFinding): RegoValue {
  const { constraint, message, details, actions, isDecided } = finding;
  const { enforcement } = constraint;
  return {
    target: targetName,
    msg: message,
    metadata: { details },
    constraint: constraint.document,
    enforcementAction: enforcement.kind === "scoped" ? "scoped" : enforcement.action,
    ...(enforcement.kind === "scoped" && { scopedActions: actions }),
    ...(!isDecided && { undecided: true }),
    violatingObject: object.value,
    trace: null,
  };
}
