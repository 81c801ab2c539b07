import type { Builtin } from "../builtin.ts";
import { jsonFilters } from "./json-filter.ts";
import { jsonPatch } from "./json-patch.ts";
import { keyBuiltins } from "./keys.ts";
import { subset } from "./subset.ts";
import { unions } from "./union.ts";

export { findChild } from "./children.ts";
export const objectBuiltins: readonly Builtin[] = [
  ...keyBuiltins,
  ...unions,
  subset,
  ...jsonFilters,
  jsonPatch,
];
