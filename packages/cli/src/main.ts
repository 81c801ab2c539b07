#!/usr/bin/env node
import { enableCompileCache } from "node:module";

import { reportError } from "./output.ts";

enableCompileCache();

try {
  const { buildProgram } = await import("./program.ts");
  await buildProgram().parseAsync();
} catch (error) {
  process.exitCode = reportError(error, process.argv.includes("--json"));
}
