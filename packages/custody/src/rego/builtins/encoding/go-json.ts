import { compareStrings, isArray, isObject, isSet, objectEntries, writeJson } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { objectName } from "../../values/json-text.ts";

/** The value as Go's `json.Marshal` writes it: names in order, and nothing that HTML would read. */
export function goJson(value: RegoValue): string {
  if (isArray(value) || isSet(value)) return `[${items(value).map(goJson).join()}]`;
  if (!isObject(value)) return escapeHtml(writeJson(value));
  return `{${members(value)
    .map(([name, member]) => `${goJson(name)}:${goJson(member)}`)
    .join()}}`;
}

/** The same on many lines; each but the first begins with the prefix. */
export function goJsonIndented(value: RegoValue, prefix: string, indent: string): string {
  const inner = prefix + indent;
  const lines = (open: string, parts: readonly string[], close: string): string =>
    `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${prefix}${close}`;
  const write = (value: RegoValue): string => goJsonIndented(value, inner, indent);
  if ((isArray(value) || isSet(value)) && items(value).length > 0)
    return lines("[", items(value).map(write), "]");
  if (!isObject(value) || members(value).length === 0) return goJson(value);
  const parts = members(value).map(([name, member]) => `${goJson(name)}: ${write(member)}`);
  return lines("{", parts, "}");
}

function items(value: RegoValue): readonly RegoValue[] {
  return isSet(value) ? value.sorted() : isArray(value) ? value : [];
}

/** By name; of two keys with one name in JSON the later counts. */
function members(value: RegoValue): readonly (readonly [string, RegoValue])[] {
  const named = new Map<string, RegoValue>();
  if (isObject(value)) for (const [key, member] of objectEntries(value)) named.set(objectName(key), member);
  return [...named].sort(([a], [b]) => compareStrings(a, b));
}

function escapeHtml(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
