import * as v from "valibot";

import { askText, unreadable } from "./ask-text.ts";

/**
 * Asks the server and reads its answer in one shape.
 *
 * @throws ApiProblem the server's own, `console/offline` without an answer, `console/shape` for one of another shape.
 */
export async function ask<const Schema extends v.GenericSchema>(
  path: string,
  schema: Schema,
  init: RequestInit = {},
): Promise<v.InferOutput<Schema>> {
  return parseAnswer(path, schema, await askText(path, init));
}

function parseAnswer<Schema extends v.GenericSchema>(
  path: string,
  schema: Schema,
  text: string,
): v.InferOutput<Schema> {
  const shape = v.safeParse(schema, parseJson(path, text));
  if (shape.success) return shape.output;
  const [issue] = shape.issues;
  throw unreadable(path, `${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw unreadable(path, "it is not JSON");
  }
}
