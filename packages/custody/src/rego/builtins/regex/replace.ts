import type { RE2JS } from "re2js";

import type { BuiltinContext } from "../builtin.ts";
import { TextBuilder } from "../strings/text-builder.ts";
import { allMatches } from "./matches.ts";
import type { Match } from "./matches.ts";

/** The text with every match replaced by the template, in which `$1`, `$name` and `${name}` stand for groups. */
export function replaceMatches(
  context: BuiltinContext,
  pattern: RE2JS,
  text: string,
  template: string,
): string {
  const output = new TextBuilder();
  const parts = parseTemplate(template, pattern.namedGroups());
  let copied = 0;
  for (const match of allMatches(context, pattern, text)) {
    output.write(text.slice(copied, match.start));
    for (const part of parts) output.write(partText(part, match));
    copied = match.end;
  }
  return output.write(text.slice(copied)).text();
}

/** Text as it is, or the number of a group. */
type Part = string | number;

const reference = /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;

/** The template in pieces. A name that no group has stands for nothing. */
function parseTemplate(template: string, names: Readonly<Record<string, number>>): Part[] {
  const parts: Part[] = [];
  let read = 0;
  for (const match of template.matchAll(reference)) {
    parts.push(template.slice(read, match.index));
    const name = match[1] ?? match[2];
    if (name === undefined) parts.push("$");
    else parts.push(groupNumber(name, names));
    read = match.index + match[0].length;
  }
  return [...parts, template.slice(read)];
}

/** The number of a group; one past all groups where there is none. */
function groupNumber(name: string, names: Readonly<Record<string, number>>): number {
  if (/^(?:0|[1-9]\d{0,7})$/.test(name)) return Number(name);
  return Object.hasOwn(names, name) ? (names[name] ?? Infinity) : Infinity;
}

function partText(part: Part, { groups }: Match): string {
  return typeof part === "string" ? part : (groups[part] ?? "");
}
