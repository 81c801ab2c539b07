import { EvaluationError, RegoDiagnostics } from "custody/rego";
import { documentText, items, locationDocument, members, problemsOf } from "custody/rego/results";
import type { Document, Problem } from "custody/rego/results";
import { StoreFault } from "custody/rego/store";

/** OPA's codes of what its API refuses. */
type ApiCode =
  | "internal_error"
  | "invalid_operation"
  | "invalid_parameter"
  | "resource_conflict"
  | "resource_not_found"
  | "unauthorized"
  | "undefined_document";

/** An answer of OPA's API that is an error: its status and body. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: ApiCode;
  readonly problems: readonly Problem[];

  constructor(status: number, code: ApiCode, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

export function badParameter(message: string, problems: readonly Problem[] = []): ApiError {
  return new ApiError(400, "invalid_parameter", message, problems);
}

/** What was thrown as OPA's API tells it; what it does not know is our own failure, and says no more than that. */
export function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof StoreFault) return storeError(error);
  if (error instanceof EvaluationError) {
    return new ApiError(500, "internal_error", "error(s) occurred while evaluating query", problemsOf(error));
  }
  if (error instanceof RegoDiagnostics) return badParameter(error.message, problemsOf(error));
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  if (status === 413) return new ApiError(413, "invalid_parameter", "request body too large");
  if (typeof status === "number" && status >= 400 && status < 500)
    return badParameter((error as Error).message);
  return new ApiError(500, "internal_error", "the server failed");
}

function storeError({ storeCode, message }: StoreFault): ApiError {
  switch (storeCode) {
    case "storage_not_found_error":
      return new ApiError(404, "resource_not_found", message);
    case "storage_write_conflict_error":
      return new ApiError(404, "resource_conflict", message);
    default:
      return badParameter(message);
  }
}

export function apiErrorText({ code, message, problems }: ApiError): string {
  const errors = problems.length > 0 ? items(problems.map(problemDocument)) : undefined;
  return `${documentText(members({ code, message, errors }))}\n`;
}

/** The members in the order that the API has, which is another than that of OPA's commands. */
export function problemDocument({ code, message, at, details }: Problem): Document {
  return members({
    code,
    message,
    location: at && locationDocument(at),
    details: details && members({ line: details.line, idx: details.index }),
  });
}
