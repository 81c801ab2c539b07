import type { Builtin } from "../builtin.ts";
import { membership } from "./membership.ts";
import { printing } from "./printing.ts";

export const internalBuiltins: readonly Builtin[] = [...membership, ...printing];
