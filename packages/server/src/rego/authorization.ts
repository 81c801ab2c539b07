import { isObject, objectGet } from "custody/rego";
import type { RegoValue } from "custody/rego";
import type { FastifyRequest } from "fastify";

import { ApiError } from "./api-error.ts";
import { bodyText, inputOf, parametersOf } from "./request.ts";
import { evaluationOptions } from "./services.ts";
import type { RegoServices } from "./services.ts";

/** The bearer token of a request: with token authentication it is who asks. */
export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer\s+(\S+)$/.exec(request.headers.authorization ?? "")?.[1];
}

/**
 * Lets the policy that is meant for it, `system.authz.allow`, decide on a request.
 *
 * @throws ApiError unless it allows it, in the way that OPA says so.
 */
export function authorize(
  services: RegoServices,
  request: FastifyRequest,
  identity: string | undefined,
): void {
  const input = authorizationInput(services, request, identity);
  const allowed = services.store.snapshot.find(
    services.authorizationDecision,
    input,
    evaluationOptions(services),
  );
  if (allowed === true) return;
  if (allowed === undefined) throw internal("authorization policy missing or undefined");
  if (!isObject(allowed)) throw unauthorized();
  const isAllowed = objectGet(allowed, "allowed");
  if (isAllowed === undefined) throw internal("document missing or undefined");
  if (isAllowed === true) return;
  const reason = objectGet(allowed, "reason");
  throw unauthorized(typeof reason === "string" ? reason : undefined);
}

export function unauthorized(reason = "request rejected by administrative policy"): ApiError {
  return new ApiError(401, "unauthorized", reason);
}

function internal(message: string): ApiError {
  return new ApiError(500, "internal_error", message);
}

function authorizationInput(
  services: RegoServices,
  request: FastifyRequest,
  identity: string | undefined,
): RegoValue {
  const path = pathOf(request);
  const body = hasInput(request, path)
    ? inputOf(request, bodyText(request, services.limits.bodyBytes), "")
    : undefined;
  return {
    path,
    method: request.method,
    params: grouped([...parametersOf(request)]),
    headers: grouped(headersOf(request)),
    ...(body !== undefined && { body }),
    ...(identity !== undefined && { identity }),
  };
}

/** Decoded as a whole, then name by name, as OPA does it: an escaped slash divides names too. */
function pathOf(request: FastifyRequest): readonly string[] {
  const [path = ""] = request.url.split("?");
  try {
    return decodeURIComponent(path).slice(1).split("/").map(decodeURIComponent);
  } catch {
    throw new ApiError(400, "invalid_parameter", `invalid URL escape in ${path}`);
  }
}

/** The body is shown where it is the input of a decision. */
function hasInput({ method }: FastifyRequest, [first = "", second]: readonly string[]): boolean {
  return method === "POST" && (first === "" || (/^v[01]$/.test(first) && second === "data"));
}

/** Names as Go writes them: `X-Api-Key`; the host is none of them. */
function headersOf(request: FastifyRequest): readonly (readonly [string, string])[] {
  const { rawHeaders } = request.raw;
  const pairs = rawHeaders.flatMap((name, i) =>
    i % 2 === 0 ? [[canonicalName(name), rawHeaders[i + 1] ?? ""] as const] : [],
  );
  return pairs.filter(([name]) => name !== "Host");
}

function canonicalName(name: string): string {
  return name.toLowerCase().replaceAll(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function grouped(pairs: readonly (readonly [string, string])[]): RegoValue {
  const byName = Map.groupBy(pairs, ([name]) => name);
  return Object.fromEntries([...byName].map(([name, own]) => [name, own.map(([, text]) => text)]));
}
