import type { Builtin } from "../builtin.ts";
import { count } from "./count.ts";
import { extremes } from "./extremes.ts";
import { quantifiers } from "./quantifiers.ts";
import { totals } from "./totals.ts";

export const aggregateBuiltins: readonly Builtin[] = [count, ...totals, ...extremes, ...quantifiers];
