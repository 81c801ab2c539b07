import type { Json } from "custody/ground";

import { inTotoFault } from "./faults.ts";

/** What stands for `{NAME}` in a layout (specification v1.0 §4.3.4). */
export type Parameters = Readonly<Record<string, string>>;

/** Where a layout may have parameters: in commands and rules, nowhere that decides who may sign. */
const substituted: ReadonlySet<string> = new Set([
  "run",
  "expected_command",
  "expected_materials",
  "expected_products",
]);

/**
 * The signed part of a layout with its parameters put in; without any, it is left as it is.
 *
 * @throws CustodyError `in-toto/metadata` for one that nobody gave.
 */
export function withParameters(signed: Json, parameters: Parameters): Json {
  if (Object.keys(parameters).length === 0) return signed;
  return mapObject(signed, (key, value) =>
    key === "steps" || key === "inspect" ? mapItems(value, parameters) : value,
  );
}

function mapItems(items: Json, parameters: Parameters): Json {
  if (!Array.isArray(items)) return items;
  return (items as Json[]).map((item) =>
    mapObject(item, (key, value) => (substituted.has(key) ? substitute(value, parameters) : value)),
  );
}

function mapObject(value: Json, change: (key: string, value: Json) => Json): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, change(key, member)]));
}

function substitute(value: Json, parameters: Parameters): Json {
  if (typeof value === "string") return replaceIn(value, parameters);
  return Array.isArray(value) ? (value as Json[]).map((one) => substitute(one, parameters)) : value;
}

/** As the reference's format strings: `{NAME}` is a parameter, `{{` and `}}` are braces. */
function replaceIn(text: string, parameters: Parameters): string {
  return text.replace(/\{\{|\}\}|\{([A-Za-z0-9_-]+)\}/g, (found, name: string | undefined) => {
    if (name === undefined) return found.charAt(0);
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined)
      throw inTotoFault("in-toto/metadata", `nobody gave the layout's parameter ${name}`);
    return value;
  });
}
