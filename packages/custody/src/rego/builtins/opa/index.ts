import { types } from "../../types.ts";
import type { Builtin } from "../builtin.ts";

export const opaBuiltins: readonly Builtin[] = [
  {
    name: "opa.runtime",
    args: [],
    result: types.objectOf(types.string, types.any),
    nondeterministic: true,
    evaluate: ({ host }) => host.runtime?.() ?? {},
  },
];
