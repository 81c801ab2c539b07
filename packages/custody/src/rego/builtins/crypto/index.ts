import type { Builtin } from "../builtin.ts";
import { hashBuiltins } from "./hashes.ts";
import { privateKeyBuiltins } from "./private-keys.ts";

export const cryptoBuiltins: readonly Builtin[] = [...hashBuiltins, ...privateKeyBuiltins];
