import { unreadable } from "../faults.ts";

export interface Arguments {
  readonly values: readonly string[];
  /** They were written as a JSON list. */
  readonly isJson: boolean;
}

/** `--name=value` at the begin of what follows an instruction, and the rest. */
export function flagsOf(text: string): { readonly flags: readonly string[]; readonly text: string } {
  const flags: string[] = [];
  let rest = text;
  for (let found = flag.exec(rest); found; found = flag.exec(rest)) {
    flags.push(found[1] ?? "");
    rest = rest.slice(found[0].length);
  }
  return { flags, text: rest };
}

const flag = /^(--[A-Za-z](?:"[^"]*"|'[^']*'|\S)*)(?:\s+|$)/;

/**
 * The arguments of an instruction as BuildKit's parser has them.
 *
 * @throws ConftestFault `conftest/parse` where an instruction needs some and has none.
 */
export function argumentsOf(name: string, text: string, line: number): Arguments {
  if (text === "" && name === "run") return plain([]);
  if (text === "") throw unreadable(line, `${name.toUpperCase()} has no arguments`);
  switch (name) {
    case "run":
    case "cmd":
    case "entrypoint":
    case "shell":
      return jsonList(text) ?? plain([text]);
    case "add":
    case "copy":
    case "volume":
      return jsonList(text) ?? plain(text.split(/\s+/));
    case "env":
    case "label":
      return plain(pairsOf(text, line));
    case "from":
    case "expose":
      return plain(text.split(/\s+/));
    case "arg":
      return plain(wordsOf(text));
    case "healthcheck":
      return healthCheck(text);
    default:
      return plain([text]);
  }
}

function plain(values: readonly string[]): Arguments {
  return { values, isJson: false };
}

function jsonList(text: string): Arguments | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const values: unknown = JSON.parse(text);
    const isList = Array.isArray(values) && values.every((one) => typeof one === "string");
    return isList ? { values, isJson: true } : undefined;
  } catch {
    return undefined;
  }
}

/** Words, where quotes hold spaces together and stay. */
function wordsOf(text: string): readonly string[] {
  return text.match(/(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'\\])+/gs) ?? [text];
}

/** Name, value and `=` of each; `ENV name value` has no sign. */
function pairsOf(text: string, line: number): readonly string[] {
  const [first = ""] = wordsOf(text);
  if (!first.includes("=")) {
    const [, name = "", value] = /^(\S+)\s+(.*)$/s.exec(text) ?? [];
    if (value === undefined) throw unreadable(line, `${first} has no value`);
    return [name, value, ""];
  }
  return wordsOf(text).flatMap((word) => {
    const sign = word.indexOf("=");
    if (sign === -1) throw unreadable(line, `${word} is not name=value`);
    return [word.slice(0, sign), word.slice(sign + 1), "="];
  });
}

function healthCheck(text: string): Arguments {
  const [, kind = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
  const { values, isJson } = rest === "" ? plain([]) : (jsonList(rest) ?? plain([rest]));
  return { values: [kind.toUpperCase(), ...values], isJson };
}
