import { takeEarly } from "./early.ts";
import { ApiProblem, readProblem } from "./problem.ts";

const maxTextLength = 96 * 1024 * 1024;

/**
 * Asks the server; the answer as it came.
 *
 * @throws ApiProblem the server's own, `console/offline` without an answer, `console/shape` for one that is too long.
 */
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

/** An answer that is not what it should be. */
export function unreadable(path: string, why: string): ApiProblem {
  return new ApiProblem(0, {
    code: "console/shape",
    detail: `the answer to ${path.split("?")[0] ?? path} cannot be read: ${why.slice(0, 300)}`,
    next: "reload the page: the server may be newer than it",
  });
}
