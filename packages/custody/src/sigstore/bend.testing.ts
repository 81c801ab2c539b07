import { canonicalJson } from "custody/ground";
import type { Bytes, Json } from "custody/ground";

type Tree = Record<string, unknown> | unknown[];

/** The same JSON with the value at a path (`tlogs.0.logId`) replaced, or left out when the value is undefined. */
export function bend(json: Json, path: string, value: unknown): Json {
  // Not structuredClone: what stands in two places is two things in JSON, and must bend alone.
  const copy = JSON.parse(JSON.stringify(json)) as Json;
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  const parent = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], copy) as Tree;
  if (value !== undefined) Object.assign(parent, { [last]: value });
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}

/** What stands at a path. */
export function at(json: Json, path: string): Json {
  return path.split(".").reduce<Json>((value, step) => (value as Record<string, Json>)[step] as Json, json);
}

export function bytesOf(json: Json): Bytes {
  return canonicalJson(json);
}

/** The text that stands at a path. */
export function textAt(json: Json, path: string): string {
  const value = at(json, path);
  if (typeof value !== "string") throw new TypeError(`${path} holds no text`);
  return value;
}
