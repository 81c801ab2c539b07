import type { Builtin } from "../builtin.ts";
import { base64Builtins } from "./base64.ts";
import { hexBuiltins } from "./hex.ts";
import { jsonBuiltins } from "./json.ts";
import { urlQueryBuiltins } from "./url-query.ts";

export const encodingBuiltins: readonly Builtin[] = [
  ...base64Builtins,
  ...hexBuiltins,
  ...jsonBuiltins,
  ...urlQueryBuiltins,
];
