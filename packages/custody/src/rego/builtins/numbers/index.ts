import type { Builtin } from "../builtin.ts";
import { arithmetic } from "./arithmetic.ts";
import { bits } from "./bits.ts";
import { random } from "./random.ts";
import { ranges } from "./ranges.ts";
import { rounding } from "./rounding.ts";

export { add, multiply } from "./arithmetic.ts";
export const numberBuiltins: readonly Builtin[] = [...arithmetic, ...rounding, ...ranges, ...random, ...bits];
