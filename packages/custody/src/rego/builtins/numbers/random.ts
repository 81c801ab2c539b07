import { types } from "../../types.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { intOperand, stringOperand } from "../operands.ts";

/** A random integer from zero to `n`, not included; the same for the same seed and `n` within an evaluation. */
export const random: readonly Builtin[] = [
  {
    name: "rand.intn",
    args: [types.string, types.number],
    result: types.number,
    nondeterministic: true,
    evaluate: (context, seed, n) => {
      const text = stringOperand(seed, 1);
      const limit = Math.abs(intOperand(n, 2));
      return limit === 0 ? 0 : remembered(context, `rand.intn ${limit} ${text}`, limit);
    },
  },
];

function remembered(context: BuiltinContext, key: string, limit: number): number {
  const known = context.memo.get(key);
  if (typeof known === "number") return known;
  const fresh = draw(context, limit);
  context.memo.set(key, fresh);
  return fresh;
}

/** From 128 random bits, so that the remainder favours no number noticeably. */
function draw(context: BuiltinContext, limit: number): number {
  const random = context.host.randomBytes;
  if (!random) throw new BuiltinError("randomness is not available");
  const number = random(16).reduce((total, byte) => (total << 8n) | BigInt(byte), 0n);
  return Number(number % BigInt(limit));
}
