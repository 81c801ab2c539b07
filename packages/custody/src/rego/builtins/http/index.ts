import { types } from "../../types.ts";
import type { Builtin } from "../builtin.ts";
import { send } from "./send.ts";

const { any, objectOf, string } = types;

export const httpBuiltins: readonly Builtin[] = [
  {
    name: "http.send",
    args: [objectOf(string, any)],
    result: objectOf(any, any),
    nondeterministic: true,
    evaluate: send,
  },
];
