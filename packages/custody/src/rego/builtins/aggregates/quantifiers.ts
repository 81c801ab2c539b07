import { types } from "../../types.ts";
import type { Builtin } from "../builtin.ts";
import { membersOperand } from "../operands.ts";

const collection = types.anyOf(types.arrayOf(types.any), types.setOf(types.any));

export const quantifiers: readonly Builtin[] = [
  {
    name: "all",
    args: [collection],
    result: types.boolean,
    deprecated: true,
    evaluate: (_context, members) => membersOperand(members, 1).every((member) => member === true),
  },
  {
    name: "any",
    args: [collection],
    result: types.boolean,
    deprecated: true,
    evaluate: (_context, members) => membersOperand(members, 1).includes(true),
  },
];
