import { types } from "../../types.ts";
import { compare, equal } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";

/** The total order of values as operators. `=` is unification where it can bind; between ground values it compares. */
export const comparisonBuiltins: readonly Builtin[] = [
  comparison("eq", "=", equal),
  comparison("equal", "==", equal),
  comparison("neq", "!=", (a, b) => !equal(a, b)),
  comparison("lt", "<", (a, b) => compare(a, b) < 0),
  comparison("lte", "<=", (a, b) => compare(a, b) <= 0),
  comparison("gt", ">", (a, b) => compare(a, b) > 0),
  comparison("gte", ">=", (a, b) => compare(a, b) >= 0),
];

function comparison(name: string, infix: string, holds: (a: RegoValue, b: RegoValue) => boolean): Builtin {
  return {
    name,
    infix,
    args: [types.any, types.any],
    result: types.boolean,
    evaluate: (_context, a, b) => holds(a, b),
  };
}
