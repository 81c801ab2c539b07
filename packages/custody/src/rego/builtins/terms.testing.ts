import assert from "node:assert/strict";

import { objectOf, readJson, RegoSet, termText } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import { BuiltinError } from "./builtin.ts";
import type { Builtin, BuiltinContext, RegoHost } from "./builtin.ts";

/** Reads the ground terms of Rego, separated by commas: `1.0, {"a", "b"}, {[1]: set()}`. */
function readTerms(text: string): RegoValue[] {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|set\(\)|-?[\d.]+(?:[eE][+-]?\d+)?|\w+|[[\]{}:,]/gs) ?? [];
  const terms = readUntil(tokens.reverse(), undefined);
  return terms.map(([term]) => term);
}

type Item = readonly [RegoValue, RegoValue | undefined];

function readUntil(tokens: string[], end: string | undefined): Item[] {
  const items: Item[] = [];
  while (tokens.at(-1) !== end) {
    const term = readTerm(tokens);
    items.push([term, tokens.at(-1) === ":" && tokens.pop() ? readTerm(tokens) : undefined]);
    if (tokens.at(-1) === ",") tokens.pop();
  }
  tokens.pop();
  return items;
}

function readTerm(tokens: string[]): RegoValue {
  const token = tokens.pop();
  assert.ok(token !== undefined, "a term is missing");
  if (token === "set()") return new RegoSet();
  if (token === "[") return readUntil(tokens, "]").map(([item]) => item);
  return token === "{" ? collectionOf(readUntil(tokens, "}")) : readJson(token);
}

function collectionOf(items: readonly Item[]): RegoValue {
  const isObject = items.every(([, value]) => value !== undefined);
  return isObject
    ? objectOf(items as [RegoValue, RegoValue][])
    : new RegoSet(items.map(([member]) => member));
}

/** Answers the result as Rego writes it, "undefined", or the error as `code: message`. */
function callTerms(builtins: readonly Builtin[], host: RegoHost = {}): (expression: string) => string {
  const context: BuiltinContext = { host, memo: new Map(), spend: () => undefined };
  return (expression) => {
    const [, name, operands = ""] = /^([\w.]+)\((.*)\)$/s.exec(expression) ?? [];
    const builtin = builtins.find((builtin) => builtin.name === name);
    assert.ok(builtin, `${expression} calls no builtin of this pack`);
    return outcome(() => builtin.evaluate(context, ...readTerms(operands)));
  };
}

function outcome(evaluate: () => RegoValue | undefined): string {
  try {
    const result = evaluate();
    return result === undefined ? "undefined" : termText(result);
  } catch (error) {
    if (error instanceof BuiltinError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** `check(expression, expected)` for the tests of a pack: operands and results as Rego writes them, sets included. */
export function termChecker(
  builtins: readonly Builtin[],
  host: RegoHost = {},
): (expression: string, expected: string) => void {
  const call = callTerms(builtins, host);
  return (expression, expected) => assert.equal(call(expression), expected, expression);
}
