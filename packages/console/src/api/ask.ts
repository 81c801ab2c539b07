import * as v from "valibot";

import { takeEarly } from "./early.ts";
import { ApiProblem, readProblem } from "./problem.ts";

const maxTextLength = 96 * 1024 * 1024;

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

/** As {@link ask}, the answer as it came. */
export async function askText(path: string, init: RequestInit = {}): Promise<string> {
  const response = await send(path, init);
  const text = await response.text();
  if (text.length > maxTextLength) throw unreadable(path, "it is too long");
  return text;
}

/** As {@link askText}; undefined where there is nothing. */
export async function findText(path: string): Promise<string | undefined> {
  try {
    return await askText(path);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}

/** A request with JSON, or with nothing; faults as problems. */
export async function send(path: string, init: RequestInit): Promise<Response> {
  const headers = init.body === undefined ? {} : { "content-type": "application/json" };
  const early = isGet(init) ? takeEarly(path) : undefined;
  const asking = early ?? fetch(path, { ...init, headers, credentials: "same-origin" });
  const response = await asking.catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    throw new ApiProblem(0, {
      code: "console/offline",
      detail: "the server does not answer",
      next: "see whether `custody up` still runs; the console asks again by itself",
    });
  });
  if (!response.ok) throw await readProblem(response);
  return response;
}

function isGet({ method = "GET" }: RequestInit): boolean {
  return method === "GET";
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

function unreadable(path: string, why: string): ApiProblem {
  return new ApiProblem(0, {
    code: "console/shape",
    detail: `the answer to ${path.split("?")[0] ?? path} cannot be read: ${why.slice(0, 300)}`,
    next: "reload the page: the server may be newer than it",
  });
}
