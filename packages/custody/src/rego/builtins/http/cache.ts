import {
  canonicalKey,
  isArray,
  isObject,
  kindName,
  objectEntries,
  objectGet,
  objectOf,
  termText,
} from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import { booleanField } from "./fields.ts";

/** Answers with one of these are kept while an evaluation lasts (RFC 9110 §15.1). */
const cacheableStatus: ReadonlySet<number> = new Set([200, 203, 204, 206, 300, 301, 404, 405, 410, 414, 501]);

export function isCacheable(status: number): boolean {
  return cacheableStatus.has(status);
}

/**
 * What a request is known by: the request without the headers that it wants ignored.
 *
 * @throws BuiltinError
 */
export function requestKey(request: AnyObject): string {
  const [ignored, headers] = ["cache_ignored_headers", "headers"].map((name) => objectGet(request, name));
  const known = objectEntries(request).filter(([name]) => name !== "cache_ignored_headers");
  if (ignored === undefined || headers === undefined) return canonicalKey(objectOf(known));
  const names = headerNames(ignored);
  if (!isObject(headers)) throw wrongJson(headers, "map[string]interface {}");
  const kept = objectEntries(headers).filter(([name]) => !names.includes(name));
  return canonicalKey(objectOf([...known, ["headers", objectOf(kept)]]));
}

function headerNames(ignored: RegoValue): readonly RegoValue[] {
  if (ignored === null) return [];
  if (!isArray(ignored)) throw wrongJson(ignored, "[]string");
  const odd = ignored.find((name) => typeof name !== "string");
  if (odd !== undefined) throw wrongJson(odd, "string");
  return ignored;
}

function wrongJson(value: RegoValue, wanted: string): BuiltinError {
  const kind = kindName(value) === "boolean" ? "bool" : kindName(value);
  return new BuiltinError(`json: cannot unmarshal ${kind} into Go value of type ${wanted}`);
}

/**
 * Whether answers may be kept for later evaluations. None are, but what a request says about it is checked.
 *
 * @throws BuiltinError
 */
export function asksForCache(request: AnyObject): boolean {
  const cache = booleanField(request, "cache");
  if (!booleanField(request, "force_cache")) return cache;
  const duration = objectGet(request, "force_cache_duration_seconds");
  if (duration === undefined)
    throw new BuiltinError("'force_cache' set but 'force_cache_duration_seconds' parameter is missing");
  checkSeconds(termText(duration));
  return true;
}

function checkSeconds(text: string): void {
  const fault = !/^[+-]?\d+$/.test(text) ? "invalid syntax" : "value out of range";
  if (fault === "invalid syntax" || BigInt.asIntN(32, BigInt(text)) !== BigInt(text))
    throw new BuiltinError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${fault}`);
}
