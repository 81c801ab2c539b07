import { types } from "../../types.ts";
import { kindName } from "../../values/index.ts";
import type { KindName } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";

const tested: readonly KindName[] = ["null", "boolean", "number", "string", "array", "object", "set"];

export const kindTests: readonly Builtin[] = [
  ...tested.map(kindTest),
  {
    name: "type_name",
    args: [types.any],
    result: types.string,
    evaluate: (_context, value) => kindName(value),
  },
];

/** `is_set` and the like: false for values of other kinds. */
function kindTest(kind: KindName): Builtin {
  return {
    name: `is_${kind}`,
    args: [types.any],
    result: types.boolean,
    evaluate: (_context, value) => kindName(value) === kind,
  };
}
