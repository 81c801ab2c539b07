import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { VectorOutcome } from "../vector-outcome.ts";
import type { Suite } from "./find-suite.ts";
import { findSuite } from "./find-suite.ts";

const client = [process.execPath, resolve(import.meta.dirname, "../../packages/cli/src/main.ts"), "tuf"];
const deadlineMilliseconds = 1_800_000;

/** tuf-conformance's own tests of `custody tuf`, which it calls as a command, against repositories that it simulates. */
export async function runTufSuite(say: (line: string) => void): Promise<readonly VectorOutcome[]> {
  const found = await findSuite(say);
  if ("missing" in found) return [{ name: "tuf-conformance", failure: undefined, skipped: found.missing }];
  const folder = await mkdtemp(join(tmpdir(), "custody-tuf-suite-"));
  try {
    say("runs tuf-conformance, which takes some minutes");
    return readReport(await runPytest(found, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// Failed tests end it with 1: what counts is the report.
async function runPytest({ python, tests }: Suite, folder: string): Promise<string> {
  const report = join(folder, "report.json");
  const args = ["-m", "pytest", tests, "-q", "-p", "no:cacheprovider"];
  const reporting = ["--json-report", `--json-report-file=${report}`, "--entrypoint", client.join(" ")];
  const said = await new Promise<string>((done) => {
    const options = { cwd: folder, timeout: deadlineMilliseconds, maxBuffer: 64 * 1024 * 1024 };
    execFile(python, [...args, ...reporting], options, (_, stdout, stderr) => done(stdout + stderr));
  });
  return readFile(report, "utf8").catch(() => {
    throw new Error(`the suite left no report: ${said.slice(-2000)}`);
  });
}

interface Report {
  readonly tests: readonly {
    readonly nodeid: string;
    readonly outcome: string;
    readonly call?: { readonly crash?: { readonly message: string } };
  }[];
}

function readReport(text: string): readonly VectorOutcome[] {
  const { tests } = JSON.parse(text) as Report;
  return tests.map(({ nodeid, outcome, call }) => ({
    name: nodeid.replace(/^.*\//, "tuf-conformance "),
    failure: ["passed", "skipped"].includes(outcome)
      ? undefined
      : (call?.crash?.message ?? outcome).slice(0, 500),
    ...(outcome === "skipped" ? { skipped: "the suite skips it" } : {}),
  }));
}
