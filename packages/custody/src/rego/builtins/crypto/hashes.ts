import { hmac } from "@noble/hashes/hmac.js";
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { toHex } from "custody/ground";

import { types } from "../../types.ts";
import { stringBytes } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";
import { stringOperand } from "../operands.ts";

const { boolean, string } = types;

const hashes = { md5, sha1, sha256, sha512 } as const;

type HashName = keyof typeof hashes;

export const hashBuiltins: readonly Builtin[] = [
  ...(["md5", "sha1", "sha256"] as const).map(hashBuiltin),
  ...(["md5", "sha1", "sha256", "sha512"] as const).map(hmacBuiltin),
  {
    name: "crypto.hmac.equal",
    args: [string, string],
    result: boolean,
    evaluate: (_, a, b) => equalBytes(bytesOperand(a, 1), bytesOperand(b, 2)),
  },
];

function hashBuiltin(name: HashName): Builtin {
  return {
    name: `crypto.${name}`,
    args: [string],
    result: string,
    evaluate: (_, text) => toHex(hashes[name](bytesOperand(text, 1))),
  };
}

function hmacBuiltin(name: HashName): Builtin {
  return {
    name: `crypto.hmac.${name}`,
    args: [string, string],
    result: string,
    evaluate: (_, text, key) => {
      const message = bytesOperand(text, 1);
      return toHex(hmac(hashes[name], bytesOperand(key, 2), message));
    },
  };
}

function bytesOperand(value: RegoValue, position: number): Uint8Array {
  return stringBytes(stringOperand(value, position));
}

/** In a time that tells nothing about where they differ. */
function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  return a.reduce((difference, byte, i) => difference | (byte ^ (b[i] ?? 0)), 0) === 0;
}
