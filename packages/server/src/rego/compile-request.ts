import { diagnosticText, isArray, isObject, objectGet, RegoDiagnostics } from "custody/rego";
import type { AnyObject, RegoValue } from "custody/rego";
import { parseDocumentRef } from "custody/rego/partial";
import type { DocumentPath } from "custody/rego/partial";

import { badParameter } from "./api-error.ts";
import { jsonOf, misfit } from "./request.ts";

/** What a request for a partial evaluation asks. */
export interface CompileRequest {
  readonly query: string;
  /** What is known of the input. */
  readonly input: RegoValue | undefined;
  /** Absent: the input. */
  readonly unknowns: readonly DocumentPath[] | undefined;
  readonly disableInlining: readonly DocumentPath[];
  readonly nondeterministicBuiltins: boolean;
}

const during = "error(s) occurred while decoding request: ";

/** @throws ApiError that says in Go's words what does not fit. */
export function readCompileRequest(text: string): CompileRequest {
  const body = jsonOf(text, during);
  if (!isObject(body)) throw badParameter(during + misfit(body, "value of type types.CompileRequestV1"));
  const query = fieldOf(body, "query") ?? "";
  if (typeof query !== "string") throw misfitting(query, "CompileRequestV1.query", "string");
  const unknowns = namesOf(fieldOf(body, "unknowns"), "CompileRequestV1.unknowns");
  const options = fieldOf(body, "options") ?? {};
  if (!isObject(options)) throw misfitting(options, "CompileRequestV1.options", "struct");
  const disabled = namesOf(fieldOf(options, "disableInlining"), ".options.disableInlining") ?? [];
  const isCalled = fieldOf(options, "nondeterministicBuiltins") ?? false;
  if (typeof isCalled !== "boolean") {
    throw misfitting(isCalled, ".options.nondeterministicBuiltins", "bool");
  }
  if (query.trim() === "") throw badParameter("missing required 'query' value");
  return {
    query,
    input: objectGet(body, "input"),
    unknowns: unknowns?.map((name) => pathOf(name, "unknowns")),
    disableInlining: disabled.map((name) => pathOf(name, "disableInlining")),
    nondeterministicBuiltins: isCalled,
  };
}

/** A member; null is none. */
function fieldOf(object: AnyObject, name: string): RegoValue | undefined {
  return objectGet(object, name) ?? undefined;
}

function misfitting(value: RegoValue, field: string, type: string): Error {
  return badParameter(during + misfit(value, `struct field ${field} of type ${type}`));
}

function namesOf(value: RegoValue | undefined, field: string): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!isArray(value)) throw misfitting(value, field, "[]string");
  return value.map((item) => {
    if (typeof item !== "string") throw misfitting(item, field, "string");
    return item;
  });
}

function pathOf(name: string, field: string): DocumentPath {
  const said = `error(s) occurred while parsing ${field}: `;
  try {
    const path = parseDocumentRef(name);
    if (path) return path;
  } catch (error) {
    if (!(error instanceof RegoDiagnostics)) throw error;
    const [first] = error.diagnostics;
    throw badParameter(`${said}failed to parse term: ${first ? diagnosticText(first) : error.message}`);
  }
  throw badParameter(`${said}${name} is no document: name one such as input.user or data.roles`);
}
