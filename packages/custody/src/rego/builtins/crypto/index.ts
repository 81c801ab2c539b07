import type { Builtin } from "../builtin.ts";
import { hashBuiltins } from "./hashes.ts";

export const cryptoBuiltins: readonly Builtin[] = [...hashBuiltins];
