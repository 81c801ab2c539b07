import { isObject, readJson, RegoFault } from "custody/rego";
import type { RegoValue } from "custody/rego";

import { TextProblem } from "./problems.ts";
import type { Place } from "./reports.ts";
import { fileNames, maxTextLength, workspaceFields } from "./workspace.ts";
import type { Workspace } from "./workspace.ts";

/** @throws TextProblem for a text that is too long to be looked at. */
export function checkLengths(workspace: Workspace): void {
  for (const field of workspaceFields) {
    if (workspace[field].length <= maxTextLength) continue;
    throw new TextProblem({ message: `${fileNames[field]} is longer than ${maxTextLength} characters` });
  }
}

/** The input; undefined where there is none. @throws TextProblem */
export function readInput({ input }: Workspace): RegoValue | undefined {
  return input.trim() === "" ? undefined : readField("input", input);
}

/** The base documents. @throws TextProblem */
export function readData({ data }: Workspace): RegoValue {
  if (data.trim() === "") return {};
  const value = readField("data", data);
  if (isObject(value)) return value;
  throw new TextProblem({ message: "data.json must hold an object", place: placeAt("data", data, 0) });
}

function readField(field: "input" | "data", text: string): RegoValue {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof RegoFault)) throw error;
    const place = placeAt(field, text, offsetOf(error.message, text));
    throw new TextProblem({ message: `${fileNames[field]} is ${error.message}`, place });
  }
}

/** Where a message of JSON.parse says that it stopped: the end of the text where it says nothing. */
function offsetOf(message: string, text: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  return position === undefined ? text.trimEnd().length : Math.min(Number(position), text.length);
}

function placeAt(field: keyof Workspace, text: string, offset: number): Place {
  const before = text.slice(0, offset).split("\n");
  const col = (before.at(-1)?.length ?? 0) + 1;
  return { field, row: before.length, col, from: offset, to: Math.min(offset + 1, text.length) };
}
