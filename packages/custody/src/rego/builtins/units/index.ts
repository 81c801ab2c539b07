import type { Builtin } from "../builtin.ts";
import { bytesBuiltin } from "./bytes.ts";
import { unitsBuiltin } from "./units.ts";

export const unitsBuiltins: readonly Builtin[] = [unitsBuiltin, bytesBuiltin];
