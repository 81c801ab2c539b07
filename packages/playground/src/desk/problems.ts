import { problemsOf } from "custody/rego/results";
import { RegoFault } from "custody/rego";
import type { Location } from "custody/rego";

import type { Place, Problem } from "./reports.ts";
import { fileNames, workspaceFields } from "./workspace.ts";
import type { Workspace } from "./workspace.ts";

const maxProblems = 100;

/** Something that is wrong with one of the texts before the engine sees it. */
export class TextProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/**
 * The problems that an error stands for.
 *
 * @throws the error itself where it is none of the engine's: that is a bug.
 */
export function explainError(error: unknown): readonly Problem[] {
  if (error instanceof TextProblem) return [error.problem];
  if (!(error instanceof RegoFault)) throw error;
  return problemsOf(error)
    .slice(0, maxProblems)
    .map(({ message, code, at }) => {
      const place = at && placeOf(at);
      return { message, ...(code !== undefined && { code }), ...(place && { place }) };
    });
}

/** A place of the engine's as one of the page's; undefined for what stands in no text. */
export function placeOf({ file, row, col, offset, end }: Location): Place | undefined {
  if (row === 0) return undefined;
  const field = file === "" ? "query" : fieldOf(file);
  return field && { field, row, col, from: offset, to: end };
}

function fieldOf(file: string): keyof Workspace | undefined {
  return workspaceFields.find((field) => fileNames[field] === file);
}
