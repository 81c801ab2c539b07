import { types } from "../../types.ts";
import { compareStrings, isArray, isSet, objectEntries, objectOf } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { objectName } from "../../values/json-text.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin } from "../builtin.ts";
import { objectOperand, stringOperand, wrongOperand } from "../operands.ts";
import { escapeQuery, unescapeQuery } from "./percent.ts";

const { anyOf, arrayOf, objectOf: objectTypeOf, setOf, string } = types;

/** As many as Go's `url.ParseQuery` reads. */
const parameterLimit = 10_000;

export const urlQueryBuiltins: readonly Builtin[] = [
  {
    name: "urlquery.encode",
    args: [string],
    result: string,
    evaluate: (_, text) => escapeQuery(stringOperand(text, 1)),
  },
  {
    name: "urlquery.decode",
    args: [string],
    result: string,
    evaluate: (_, text) => unescapeQuery(stringOperand(text, 1)),
  },
  {
    name: "urlquery.encode_object",
    args: [objectTypeOf(string, anyOf(string, arrayOf(string), setOf(string)))],
    result: string,
    evaluate: (_, parameters) => encodeObject(parameters),
  },
  {
    name: "urlquery.decode_object",
    args: [string],
    result: objectTypeOf(string, arrayOf(string)),
    evaluate: (_, query) => objectOf(parseQuery(stringOperand(query, 1))),
  },
];

function encodeObject(operand: RegoValue): string {
  const parameters = objectEntries(objectOperand(operand, 1)).map(
    ([name, value]) => [objectName(name), parameterValues(value)] as const,
  );
  return parameters
    .sort(([a], [b]) => compareStrings(a, b))
    .flatMap(([name, values]) => values.map((value) => `${escapeQuery(name)}=${escapeQuery(value)}`))
    .join("&");
}

function parameterValues(value: RegoValue): readonly string[] {
  const values = isArray(value) ? value : isSet(value) ? value.sorted() : [value];
  if (values.every((value) => typeof value === "string")) return values;
  throw wrongOperand(1, "values must be string, array[string], or set[string]");
}

/**
 * The values of each parameter, in their order (Go's `url.ParseQuery`).
 *
 * @throws BuiltinError
 */
function parseQuery(query: string): Map<string, string[]> {
  const parameters = new Map<string, string[]>();
  const pairs = query === "" ? [] : query.split("&");
  if (pairs.length > parameterLimit) throw new BuiltinError("number of URL query parameters exceeded limit");
  for (const pair of pairs.filter((pair) => pair !== "")) {
    if (pair.includes(";")) throw new BuiltinError("invalid semicolon separator in query");
    const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
    const key = unescapeQuery(name);
    const values = parameters.get(key) ?? [];
    parameters.set(key, values);
    values.push(unescapeQuery(value));
  }
  return parameters;
}
