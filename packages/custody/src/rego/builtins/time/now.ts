import { numberOfInteger } from "../../values/index.ts";
import type { AnyNumber } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext } from "../builtin.ts";

const key = "time.now_ns";

/**
 * Nanoseconds since 1970, the same all through an evaluation.
 *
 * @throws BuiltinError when the host has no clock.
 */
export function currentTime({ host, memo }: BuiltinContext): AnyNumber {
  const known = memo.get(key);
  if (known !== undefined) return known as AnyNumber;
  if (!host.now) throw new BuiltinError("no clock");
  const now = numberOfInteger(host.now());
  memo.set(key, now);
  return now;
}
