import { formatModule } from "custody/rego/format";

import { explainError } from "./problems.ts";
import type { Formatted } from "./reports.ts";
import { checkLengths } from "./texts.ts";
import { fileNames } from "./workspace.ts";
import type { Workspace } from "./workspace.ts";
import { compileOptions } from "./world.ts";

/** The policy and its tests in the one layout that Rego has. */
export function formatWorkspace(workspace: Workspace): Formatted {
  try {
    checkLengths(workspace);
    const texts = { policy: format("policy", workspace.policy), tests: format("tests", workspace.tests) };
    return { kind: "formatted", texts, problems: [] };
  } catch (error) {
    return { kind: "formatted", problems: explainError(error) };
  }
}

function format(field: "policy" | "tests", text: string): string {
  if (text.trim() === "") return text;
  return formatModule({ file: fileNames[field], text }, { builtins: compileOptions.builtins });
}
