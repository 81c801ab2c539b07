import { types } from "../../types.ts";
import type { RegoType } from "../../types.ts";
import { RegoSet, kindName } from "../../values/index.ts";
import type { KindName, RegoValue } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";
import { membersOperand, wrongType } from "../operands.ts";

/** The casts that do no more than insist; only arrays and sets become each other. */
export const casts: readonly Builtin[] = [
  cast("array", types.arrayOf(types.any), (value) => membersOperand(value, 1)),
  cast("set", types.setOf(types.any), (value) =>
    value instanceof RegoSet ? value : new RegoSet(membersOperand(value, 1)),
  ),
  insistence("boolean", types.boolean),
  insistence("null", types.null),
  insistence("object", types.objectOf(types.any, types.any)),
  insistence("string", types.string),
];

function insistence(kind: KindName, result: RegoType): Builtin {
  return cast(kind, result, (value) => {
    if (kindName(value) === kind) return value;
    throw wrongType(value, 1, kind);
  });
}

function cast(kind: KindName, result: RegoType, convert: (value: RegoValue) => RegoValue): Builtin {
  return {
    name: `cast_${kind}`,
    args: [types.any],
    result,
    deprecated: true,
    evaluate: (_context, value) => convert(value),
  };
}
