import type { Builtin } from "../builtin.ts";
import { reachability } from "./reachable.ts";
import { walk } from "./walk.ts";

export const graphBuiltins: readonly Builtin[] = [...reachability, walk];
