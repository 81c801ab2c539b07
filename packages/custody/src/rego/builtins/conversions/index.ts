import type { Builtin } from "../builtin.ts";
import { formatInt } from "./format-int.ts";
import { toNumber } from "./to-number.ts";

export const conversionBuiltins: readonly Builtin[] = [toNumber, formatInt];
