import { evaluateWorkspace } from "./evaluate.ts";
import { formatWorkspace } from "./format-texts.ts";
import type { DeskReport, DeskRequest } from "./reports.ts";
import { testWorkspace } from "./run-tests.ts";
import type { Clocks } from "./world.ts";

/** Does what the page asks for; a plain value, so that it can cross to the page from a worker. */
export function answer({ kind, workspace }: DeskRequest, clocks: Clocks): DeskReport {
  switch (kind) {
    case "evaluate":
      return evaluateWorkspace(workspace, clocks);
    case "test":
      return testWorkspace(workspace, clocks);
    case "format":
      return formatWorkspace(workspace);
    default:
      return kind satisfies never;
  }
}
