import { compileParsed, parseModules } from "custody/rego";
import type { Answer, Location, Policy, PreparedQuery } from "custody/rego";
import { Coverage } from "custody/rego/cover";
import { Explainer } from "custody/rego/explain";
import type { World } from "custody/rego/explain";
import { prettyText } from "custody/rego/results";

import { policyCoverage } from "./coverage.ts";
import { explainError } from "./problems.ts";
import type { Evaluated, Outcome } from "./reports.ts";
import { checkLengths, readData, readInput } from "./texts.ts";
import { traceOf } from "./trace.ts";
import { fileNames } from "./workspace.ts";
import type { Workspace } from "./workspace.ts";
import { compileOptions, makeHost, makeLimits } from "./world.ts";
import type { Clocks } from "./world.ts";

const maxResultLength = 200_000;

/** Answers the query, and says which lines decided. Whatever is wrong with the texts is an outcome. */
export function evaluateWorkspace(workspace: Workspace, clocks: Clocks): Evaluated {
  const begin = clocks.elapsed();
  const printed: string[] = [];
  const report = (rest: Pick<Evaluated, "query" | "outcome" | "trace" | "coverage">): Evaluated => {
    return { kind: "evaluated", printed, milliseconds: clocks.elapsed() - begin, ...rest };
  };
  try {
    const asked = prepare(workspace);
    const world = {
      input: readInput(workspace),
      data: readData(workspace),
      host: makeHost(clocks, printed),
      limits: makeLimits(clocks),
    };
    return report({ query: asked.query, ...follow(asked, world) });
  } catch (error) {
    const outcome: Outcome = { kind: "error", problems: explainError(error) };
    return report({ query: workspace.query.trim(), outcome, trace: [] });
  }
}

interface Asked {
  readonly policy: Policy;
  readonly query: string;
  readonly prepared: PreparedQuery;
}

function prepare(workspace: Workspace): Asked {
  checkLengths(workspace);
  const sources = [{ file: fileNames.policy, text: workspace.policy }];
  const policy = compileParsed(parseModules(sources, { version: "v1" }), compileOptions);
  const query = workspace.query.trim() || ["data", ...(policy.modules[0]?.package ?? [])].join(".");
  return { policy, query, prepared: policy.prepare(query, { followed: true }) };
}

function follow(asked: Asked, world: World): Pick<Evaluated, "outcome" | "trace" | "coverage"> {
  const explainer = new Explainer(asked.policy);
  const coverage = new Coverage(asked.policy);
  const visit = (at: Location): void => {
    explainer.visit(at);
    coverage.visit(at);
  };
  const { input, ...options } = world;
  const outcome = outcomeOf(asked.prepared.evaluate(input, { ...options, follow: visit }));
  const trace = findTrace(explainer, asked, world);
  return { outcome, trace, coverage: policyCoverage(coverage, "evaluation") };
}

/** Documents are asked for again, one by one: what they print was printed, and one that cannot be had ends the trace. */
function findTrace(explainer: Explainer, { policy, query }: Asked, world: World): Evaluated["trace"] {
  const quiet = { ...world, host: { ...world.host, print: () => undefined } };
  try {
    return traceOf(explainer, { modules: policy.modules, world: quiet, query });
  } catch (error) {
    explainError(error);
    return [];
  }
}

function outcomeOf(answers: readonly Answer[]): Outcome {
  const [first] = answers;
  if (!first) return { kind: "undefined" };
  if (answers.length === 1 && first.expressions.length === 1 && first.expressions[0]?.value === false) {
    return { kind: "false" };
  }
  const text = prettyText(answers).trimEnd();
  const isLong = text.length > maxResultLength;
  return { kind: "defined", text: isLong ? `${text.slice(0, maxResultLength)}\n… cut` : text };
}
