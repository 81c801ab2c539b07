import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";

import { ensureRequirements, ensureTestTools } from "@custody/node/host";
import { CustodyError } from "custody/ground";

import { buildConsole } from "./console.ts";

// All tests, or those whose path contains a word: `npm test -- merkle`. What the host lacks is installed when this is
// root; otherwise the tests that need it skip, each with its reason.
const words = process.argv.slice(2);
const all = globSync(["house.test.ts", "{packages,tests,scripts,bench,demo,conformance}/**/*.test.ts"], {
  exclude: (path) => path.includes("node_modules"),
}).sort();
const files = words.length === 0 ? all : all.filter((file) => words.some((word) => file.includes(word)));

for (const ensure of [ensureRequirements, ensureTestTools]) {
  try {
    await ensure({ install: true, say: (line) => console.log(line) });
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    console.log(`some tests will skip: ${error.message}${error.next ? ` (${error.next})` : ""}`);
  }
}

if (files.length === 0) {
  console.log(`no test has ${words.join(" or ")} in its path`);
  process.exit(2);
}
// The console is built where `npm ci` put it; what tests look at is built of the sources as they are.
if (files.some((file) => file.startsWith("tests/console"))) await buildConsole();
const args = ["--test", "--test-concurrency=2", "--test-reporter=spec", ...files];
const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
process.exitCode = status ?? 1;
