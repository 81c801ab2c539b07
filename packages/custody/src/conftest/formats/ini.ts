import { objectOf, setName } from "custody/rego";
import type { RegoValue } from "custody/rego";

import { unreadable } from "../faults.ts";
import { Lines } from "../format.ts";
import type { Format, Parsed } from "../format.ts";

/** Sections with keys, as go-ini reads them; what stands before the first section is left out, as in conftest. */
export const ini: Format = {
  name: "ini",
  hasName: (name) => name.endsWith(".ini"),
  parse: parseIni,
};

const defaultSection = "DEFAULT";

function parseIni(text: string): Parsed {
  const sections = new Map<string, Record<string, RegoValue>>();
  const lines = new Lines();
  let section = defaultSection;
  for (const [number, line] of logicalLines(text)) {
    const name = sectionName(line, number);
    if (name !== undefined) {
      section = name;
      lines.set([section], number);
      if (!sections.has(section)) sections.set(section, {});
      continue;
    }
    const [key, value] = parseKey(line, number);
    if (section === defaultSection) continue;
    setName(sections.get(section) ?? {}, key, typed(value));
    lines.set([section, key], number);
  }
  sections.delete(defaultSection);
  return { value: objectOf(sections), lineOf: (path) => lines.find(path) };
}

/** Lines that say something, with their numbers from 1; one that ends in `\` goes on in the next. */
function* logicalLines(text: string): Generator<readonly [number, string]> {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const number = i + 1;
    let line = (lines[i] ?? "").trim();
    if (line === "" || /^[#;]/.test(line)) continue;
    while (line.endsWith("\\") && i + 1 < lines.length) line = line.slice(0, -1) + (lines[++i] ?? "").trim();
    yield [number, line];
  }
}

function sectionName(line: string, number: number): string | undefined {
  if (!line.startsWith("[")) return undefined;
  const end = line.lastIndexOf("]");
  if (end === -1) throw unreadable(number, "a section is not closed");
  if (end === 1) throw unreadable(number, "a section has no name");
  return line.slice(1, end);
}

function parseKey(line: string, number: number): readonly [string, string] {
  const quoted = /^(["`])(.*?)\1\s*[=:](.*)$/s.exec(line);
  const [, key = "", value = ""] = quoted
    ? [line, quoted[2], quoted[3]]
    : (/^([^=:]+)[=:](.*)$/s.exec(line) ?? []);
  if (key === "") throw unreadable(number, "it is neither a section nor key = value");
  return [key.trim(), unquoted(value.trim(), number)];
}

function unquoted(value: string, number: number): string {
  const quote = /^("""|`)/.exec(value)?.[1];
  if (quote !== undefined) {
    const end = value.indexOf(quote, quote.length);
    if (end === -1) throw unreadable(number, "a quoted value is not closed");
    return value.slice(quote.length, end);
  }
  const bare = value.replace(/[#;].*$/s, "").trim();
  return /^(["'])[^"']*\1$/.test(bare) ? bare.slice(1, -1) : bare;
}

/** Numbers and truth values as Go reads them. */
function typed(value: string): RegoValue {
  if (/^[+-]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value))
    return Number(value.replaceAll("_", ""));
  if (/^(?:t|T|true|TRUE|True)$/.test(value)) return true;
  return /^(?:f|F|false|FALSE|False)$/.test(value) ? false : value;
}
