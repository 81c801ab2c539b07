import { parseModules } from "custody/rego";
import type { Location } from "custody/rego";
import { Coverage } from "custody/rego/cover";
import { TestSuite } from "custody/rego/test";
import type { TestResult } from "custody/rego/test";

import { policyCoverage } from "./coverage.ts";
import { explainError, placeOf } from "./problems.ts";
import type { Tested, TestShown } from "./reports.ts";
import { checkLengths, readData } from "./texts.ts";
import { fileNames } from "./workspace.ts";
import type { Workspace } from "./workspace.ts";
import { compileOptions, makeHost, maxMilliseconds } from "./world.ts";
import type { Clocks } from "./world.ts";

/** Runs every `test_` rule of both texts. */
export function testWorkspace(workspace: Workspace, clocks: Clocks): Tested {
  try {
    return runSuite(workspace, clocks);
  } catch (error) {
    return { kind: "tested", tests: [], problems: explainError(error) };
  }
}

function runSuite(workspace: Workspace, clocks: Clocks): Tested {
  checkLengths(workspace);
  let coverage: Coverage | undefined;
  const suite = new TestSuite(parseModules(sourcesOf(workspace), { version: "v1" }), {
    ...compileOptions,
    clock: () => BigInt(Math.round(clocks.elapsed() * 1e6)),
    timeoutNanoseconds: BigInt(maxMilliseconds) * 1_000_000n,
    data: readData(workspace),
    host: makeHost(clocks, []),
    follow: (at: Location) => coverage?.visit(at),
  });
  const covering = new Coverage(suite.policy);
  coverage = covering;
  const tests = suite.tests.map((test) => shown(suite.run(test)));
  return { kind: "tested", tests, problems: [], coverage: policyCoverage(covering, "tests") };
}

function sourcesOf({ policy, tests }: Workspace): { file: string; text: string }[] {
  const sources = [{ file: fileNames.policy, text: policy }];
  return tests.trim() === "" ? sources : [...sources, { file: fileNames.tests, text: tests }];
}

function shown({ test, outcome, error, failedAt, output, subResults, ...rest }: TestResult): TestShown {
  const place = placeOf(test.at);
  const failed = failedAt && placeOf(failedAt);
  return {
    name: ["data", ...test.package, ...test.name].join("."),
    outcome,
    ...(place && { place }),
    ...(failed && { failedAt: failed }),
    ...(error && { error: error.message }),
    printed: output,
    cases: subResults.map(({ name, failed }) => ({ name, failed })),
    milliseconds: Number(rest.durationNanoseconds) / 1e6,
  };
}
