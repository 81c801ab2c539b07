import assert from "node:assert/strict";

import { readJson, writeJson } from "../values/index.ts";
import type { RegoArray } from "../values/index.ts";
import { BuiltinError } from "./builtin.ts";
import type { Builtin, BuiltinContext, RegoHost } from "./builtin.ts";

/** Calls builtins written as Rego writes them, operands in JSON: `semver.is_valid("1.0.0")`. */
export type Call = (expression: string) => string;

/** Answers the result as JSON, "undefined", or the error as `code: message`. */
export function caller(builtins: readonly Builtin[], host: RegoHost = {}): Call {
  const context: BuiltinContext = { host, memo: new Map(), spend: () => undefined };
  return (expression) => {
    const [, name, operands = ""] = /^([\w.]+)\((.*)\)$/s.exec(expression) ?? [];
    const builtin = builtins.find((builtin) => builtin.name === name);
    assert.ok(builtin, `${expression} calls no builtin of this pack`);
    try {
      const result = builtin.evaluate(context, ...(readJson(`[${operands}]`) as RegoArray));
      return result === undefined ? "undefined" : writeJson(result);
    } catch (error) {
      if (error instanceof BuiltinError) return `${error.code}: ${error.message}`;
      throw error;
    }
  };
}

/** `check(expression, expected)` for the tests of a pack. */
export function checker(
  builtins: readonly Builtin[],
  host: RegoHost = {},
): (expression: string, expected: string) => void {
  const call = caller(builtins, host);
  return (expression, expected) => assert.equal(call(expression), expected, expression);
}
