import type { Builtin } from "../builtin.ts";
import { decodeVerifyBuiltin } from "./decode-verify.ts";
import { decodeBuiltin } from "./decode.ts";
import { encodeSignBuiltins } from "./encode-sign.ts";
import { verifyBuiltins } from "./verify.ts";

export const tokenBuiltins: readonly Builtin[] = [
  decodeBuiltin,
  ...verifyBuiltins,
  decodeVerifyBuiltin,
  ...encodeSignBuiltins,
];
