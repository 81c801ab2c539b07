import { types } from "../../types.ts";
import { stringBytes } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { intOperand, stringOperand } from "../operands.ts";
import { globsMatch } from "./globs-match.ts";
import { allMatches } from "./matches.ts";
import { compile, compiled, nativePattern } from "./patterns.ts";
import { replaceMatches } from "./replace.ts";
import { templatePattern } from "./template.ts";

export { quoteMeta } from "./template.ts";

export const regexBuiltins: readonly Builtin[] = [
  match("regex.match"),
  { ...match("re_match"), deprecated: true },
  {
    name: "regex.is_valid",
    args: [types.string],
    result: types.boolean,
    evaluate: (context, pattern) => typeof pattern === "string" && isValid(context, pattern),
  },
  {
    name: "regex.find_n",
    args: [types.string, types.string, types.number],
    result: types.arrayOf(types.string),
    evaluate: (context, pattern, text, count) =>
      findAll(context, { pattern, text, count }).map((groups) => groups[0] ?? ""),
  },
  {
    name: "regex.find_all_string_submatch_n",
    args: [types.string, types.string, types.number],
    result: types.arrayOf(types.arrayOf(types.string)),
    evaluate: (context, pattern, text, count) => findAll(context, { pattern, text, count }),
  },
  {
    name: "regex.replace",
    args: [types.string, types.string, types.string],
    result: types.string,
    evaluate: (context, text, pattern, template) => {
      const [whole, source, value] = [
        stringOperand(text, 1),
        stringOperand(pattern, 2),
        stringOperand(template, 3),
      ];
      return replaceMatches(context, compiled(context, source), whole, value);
    },
  },
  {
    name: "regex.split",
    args: [types.string, types.string],
    result: types.arrayOf(types.string),
    evaluate: (context, pattern, text) => split(context, stringOperand(pattern, 1), stringOperand(text, 2)),
  },
  {
    name: "regex.template_match",
    args: [types.string, types.string, types.string, types.string],
    result: types.boolean,
    evaluate: templateMatch,
  },
  {
    name: "regex.globs_match",
    args: [types.string, types.string],
    result: types.boolean,
    evaluate: (context, a, b) => globsMatch(context, stringOperand(a, 1), stringOperand(b, 2)),
  },
];

function match(name: string): Builtin {
  return {
    name,
    args: [types.string, types.string],
    result: types.boolean,
    evaluate: (context, pattern, text) => {
      const [source, whole] = [stringOperand(pattern, 1), stringOperand(text, 2)];
      const native = nativePattern(context, source);
      return native ? native.expression.test(whole) : compiled(context, source).test(whole);
    },
  };
}

function isValid(context: BuiltinContext, pattern: string): boolean {
  try {
    compiled(context, pattern);
    return true;
  } catch (error) {
    if (error instanceof BuiltinError) return false;
    throw error;
  }
}

interface Search {
  readonly pattern: RegoValue;
  readonly text: RegoValue;
  /** How many matches are wanted; below zero all of them. */
  readonly count: RegoValue;
}

function findAll(context: BuiltinContext, { pattern, text, count }: Search): readonly (readonly string[])[] {
  const [source, whole, limit] = [stringOperand(pattern, 1), stringOperand(text, 2), intOperand(count, 3)];
  const native = nativePattern(context, source);
  if (native?.isAnchored) return limit === 0 ? [] : onlyMatch(native.expression, whole);
  const found = allMatches(context, compiled(context, source), whole, limit < 0 ? Infinity : limit);
  return found.map(({ groups }) => groups);
}

/** What the groups of an anchored pattern hold: it matches once or not at all. */
function onlyMatch(expression: RegExp, text: string): readonly (readonly string[])[] {
  const groups: readonly (string | undefined)[] | null = expression.exec(text);
  return groups ? [groups.map((group) => group ?? "")] : [];
}

/** What lies between the matches. An empty match at the very beginning parts nothing. */
function split(context: BuiltinContext, pattern: string, text: string): string[] {
  const expression = compiled(context, pattern);
  if (pattern !== "" && text === "") return [""];
  const pieces: string[] = [];
  let [start, end] = [0, 0];
  for (const match of allMatches(context, expression, text)) {
    end = match.start;
    if (match.end !== 0) pieces.push(text.slice(start, end));
    start = match.end;
  }
  return end === text.length ? pieces : [...pieces, text.slice(start)];
}

function templateMatch(context: BuiltinContext, ...operands: readonly RegoValue[]): boolean {
  const [template = "", text = "", open = "", close = ""] = operands.map((operand, i) =>
    stringOperand(operand, i + 1),
  );
  const length = stringBytes(open).length;
  if (length !== 1) throw delimiterLength("start", length);
  if (stringBytes(close).length !== 1) throw delimiterLength("end", length);
  const { patterns, whole } = templatePattern(template, { open, close });
  for (const pattern of patterns) compile(`^${pattern}$`);
  return compiled(context, whole).test(text);
}

/** Of either delimiter, OPA tells the length of the first. */
function delimiterLength(which: string, length: number): BuiltinError {
  return new BuiltinError(`${which} delimiter has to be exactly one character long but is ${length} long`);
}
