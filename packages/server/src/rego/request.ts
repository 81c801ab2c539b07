import { gunzipSync } from "node:zlib";

import { kindName, readJson, RegoFault } from "custody/rego";
import type { RegoValue } from "custody/rego";
import { parseDataFile } from "custody/rego/bundle";
import { explainJson } from "custody/rego/results";
import { parseDocumentPath } from "custody/rego/store";
import type { DocumentPath } from "custody/rego/store";
import type { FastifyRequest } from "fastify";

import { ApiError, badParameter } from "./api-error.ts";
import { isNestedDeeper } from "./nesting.ts";

/** How deep documents may be: none that is taken in is too deep to be shown. */
export const depthLimit = 1000;

/** The path of the request below a prefix, its escapes as they came. */
export function pathBelow(request: FastifyRequest, prefix: string): string {
  const [path = ""] = request.url.split("?");
  return path.slice(prefix.length).replace(/^\/+/, "");
}

/** @throws ApiError for an escape that is none. */
export function documentPath(text: string): DocumentPath {
  const path = parseDocumentPath(text);
  if (path && path.length <= depthLimit) return path;
  throw badParameter(`bad path: ${text}`);
}

/** The path of a decision: empty names count for nothing. */
export function decisionPath(text: string): DocumentPath {
  const path = documentPath(text).filter((name) => name !== "");
  const quoted = path.find((name) => name.includes('"'));
  if (quoted === undefined) return path;
  const said = `invalid_parameter: invalid path: invalid ref term '${quoted}'`;
  throw new ApiError(500, "internal_error", said);
}

/** The parameters of the query; one with a semicolon in it is none, as in Go. */
export function parametersOf(request: FastifyRequest): URLSearchParams {
  const [, query = ""] = request.url.split(/\?(.*)/s);
  const parts = query.split("&").filter((part) => !part.includes(";"));
  return new URLSearchParams(parts.join("&"));
}

/** True for `?name` and `?name=true`. */
export function isAsked(parameters: URLSearchParams, name: string): boolean {
  const values = parameters.getAll(name);
  if (values.length === 1 && values[0] === "") return true;
  return values.some((value) => value.toLowerCase() === "true");
}

/** The text of the body, unpacked when it is gzip; bytes of no character read as U+FFFD, as in Go. @throws ApiError */
export function bodyText(request: FastifyRequest, limitBytes: number): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bodyBytes(request, limitBytes));
}

/** The bytes of the body, unpacked when it is gzip. @throws ApiError */
export function bodyBytes(request: FastifyRequest, limitBytes: number): Uint8Array {
  const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const isPacked = request.headers["content-encoding"]?.includes("gzip") === true;
  try {
    return isPacked ? gunzipSync(bytes, { maxOutputLength: limitBytes }) : bytes;
  } catch (cause) {
    throw badParameter(`could not decompress the body: ${(cause as Error).message}`);
  }
}

/** Why a value cannot be read as a type of Go's. */
export function misfit(value: RegoValue, type: string): string {
  const kind = typeof value === "boolean" ? "bool" : kindName(value);
  return `json: cannot unmarshal ${kind} into Go ${type}`;
}

/** The value of a JSON text. @throws ApiError that says why it is none, in Go's words. */
export function jsonOf(text: string, during = ""): RegoValue {
  if (isNestedDeeper(text, depthLimit)) throw badParameter(`${during}exceeded max depth`);
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof RegoFault)) throw error;
    throw badParameter(during + explainJson(text));
  }
}

/** The value of a body, JSON or YAML as its type says; undefined for an empty one. @throws ApiError */
export function inputOf(request: FastifyRequest, text: string, during: string): RegoValue | undefined {
  if (text.trim() === "") return undefined;
  if (!request.headers["content-type"]?.includes("yaml")) return jsonOf(text, during);
  try {
    return parseDataFile("input.yaml", text);
  } catch (error) {
    if (error instanceof RegoFault) throw badParameter(during + error.message);
    throw error;
  }
}
