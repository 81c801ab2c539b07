import type { Builtin } from "../builtin.ts";
import { cidrBuiltins } from "./cidr.ts";
import { lookupBuiltin } from "./lookup.ts";

export const netBuiltins: readonly Builtin[] = [...cidrBuiltins, lookupBuiltin];
