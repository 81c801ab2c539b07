import { dirname, join } from "node:path";

import {
  everyTest,
  isFailed,
  isSuite,
  parseSuite,
  parseSuiteFilter,
  runSuite,
  suiteReport,
} from "custody/gatekeeper";
import type { Suite, SuiteFilter, SuiteResult } from "custody/gatekeeper";
import { CustodyError } from "custody/ground";
import { allBuiltins } from "custody/rego/builtins";

import { endings } from "./call.ts";
import type { RegoCall } from "./call.ts";
import { localHost } from "./host.ts";
import { findDocumentFiles, readDocuments } from "./kubernetes-files.ts";
import { explained } from "./load-error.ts";

export interface GatorVerifyOptions {
  readonly verbose?: boolean;
  readonly run?: string;
  readonly json?: boolean;
}

interface SuiteFile {
  readonly path: string;
  readonly suite: Suite;
}

/** `custody rego gator verify`: 0 when all pass, 1 when a test failed, 2 when there are no suites or they cannot be read. */
export async function gatorVerify({ args, options, streams }: RegoCall<GatorVerifyOptions>): Promise<number> {
  try {
    const filter = options.run === undefined ? everyTest : parseSuiteFilter(options.run);
    const suites = await findSuites(args);
    const results = suites.map((one) => runFile(one, filter));
    if (options.json) streams.out(`${JSON.stringify(results, null, 2)}\n`);
    else streams.out(suiteReport(results, options.verbose ?? false));
    return results.some(({ tests }) => tests.some(isFailed)) ? endings.failed : endings.done;
  } catch (error) {
    streams.err(explained(error).text);
    return endings.error;
  }
}

/** @throws CustodyError `cli/read` where there is no suite: nothing tested is not all well. */
async function findSuites(paths: readonly string[]): Promise<readonly SuiteFile[]> {
  const found: SuiteFile[] = [];
  for (const path of paths) {
    const [directory, depth] = path.endsWith("/...")
      ? [path.slice(0, -4), "all" as const]
      : [path, "one" as const];
    for (const file of await findDocumentFiles([directory], depth)) {
      const [document] = readSuiteDocuments(file, path === file);
      if (document !== undefined && isSuite(document))
        found.push({ path: file, suite: parseSuite(document) });
    }
  }
  if (found.length > 0) return found;
  throw new CustodyError("cli/read", `no suites in ${paths.join(", ")}`, {
    next: "name suites, or directories and /... for all below them",
  });
}

/** Whatever else is in a directory need not be readable. */
function readSuiteDocuments(file: string, isNamed: boolean): ReturnType<typeof readDocuments> {
  try {
    return readDocuments(file);
  } catch (error) {
    if (isNamed || !(error instanceof CustodyError)) throw error;
    return [];
  }
}

function runFile({ path, suite }: SuiteFile, filter: SuiteFilter): SuiteResult {
  const start = performance.now();
  const read = (name: string): ReturnType<typeof readDocuments> => readDocuments(join(dirname(path), name));
  const clock = (): number => performance.now();
  const { send: _, ...host } = localHost();
  const tests = runSuite(suite, { builtins: allBuiltins, read, filter, clock, host });
  return { path, tests, milliseconds: performance.now() - start };
}
