import { parse, TomlDate, TomlError } from "smol-toml";
import type { TomlTable, TomlValue } from "smol-toml";

import { numberOfInteger, objectOf } from "custody/rego";
import type { RegoValue } from "custody/rego";

import { unreadable } from "../faults.ts";
import { Lines } from "../format.ts";
import type { Format } from "../format.ts";

export const toml: Format = {
  name: "toml",
  hasName: (name) => name.endsWith(".toml"),
  parse: (text) => {
    const lines = linesOf(text);
    return { value: valueOf(read(text)), lineOf: (path) => lines.find(path) };
  },
};

function read(text: string): TomlTable {
  try {
    return parse(text, { integersAsBigInt: true, maxDepth: 200 });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw unreadable(error.line, error.message.split("\n")[0] ?? "");
  }
}

function valueOf(value: TomlValue): RegoValue {
  if (typeof value === "bigint") return numberOfInteger(value);
  if (typeof value !== "object") return value;
  if (value instanceof TomlDate) return dateText(value);
  if (Array.isArray(value)) return value.map(valueOf);
  return objectOf(Object.entries(value).map(([name, inner]) => [name, valueOf(inner)]));
}

/** As Go writes times: what is local is of UTC, a time alone is of the year 0. */
function dateText(date: TomlDate): string {
  const text = date
    .toISOString()
    .replace(/\.(\d*?)0+(?=Z|[+-]|$)/, (_, digits: string) => (digits ? `.${digits}` : ""));
  if (date.isDate()) return `${text}T00:00:00Z`;
  if (date.isTime()) return `0000-01-01T${text}Z`;
  return date.isLocal() ? `${text}Z` : text;
}

const bareKey = String.raw`(?:[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*')`;
const dotted = String.raw`${bareKey}(?:\s*\.\s*${bareKey})*`;
const header = new RegExp(String.raw`^\s*\[(\[?)\s*(${dotted})\s*\]`);
const assignment = new RegExp(String.raw`^\s*(${dotted})\s*=`);

/** Of tables and of keys that stand at the begin of a line, which is where nearly all do. */
function linesOf(text: string): Lines {
  const lines = new Lines();
  const counts = new Map<string, number>();
  let table: (number | string)[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    const [, open, name = ""] = header.exec(line) ?? [];
    const [, key] = assignment.exec(line) ?? [];
    if (open !== undefined) {
      table = parts(name);
      const count = counts.get(name) ?? 0;
      if (open === "[") table.push(count);
      counts.set(name, count + 1);
      lines.set(table, i + 1);
    } else if (key !== undefined) lines.set([...table, ...parts(key)], i + 1);
  }
  return lines;
}

function parts(name: string): string[] {
  return [...name.matchAll(new RegExp(bareKey, "g"))].map(([part]) => part.replace(/^(["'])(.*)\1$/, "$2"));
}
