import { allBuiltins } from "custody/rego/builtins";
import type { CompileOptions, Limits, RegoHost } from "custody/rego";

/** The page's policy forbids code made from text, so the engine runs on closures. */
export const compileOptions: CompileOptions = { builtins: allBuiltins, backend: "closures", prints: true };

/** What one evaluation may take, before the page ends the worker it is in. */
const maxSteps = 20_000_000;
export const maxMilliseconds = 1500;

const maxPrinted = 200;

/** Milliseconds from any beginning, and the time of day. */
export interface Clocks {
  readonly elapsed: () => number;
  readonly now: () => number;
}

/** What an evaluation sees of the browser: time, randomness, and a place to print. No network and no keys. */
export function makeHost(clocks: Clocks, printed: string[]): RegoHost {
  const now = BigInt(clocks.now()) * 1_000_000n;
  return {
    now: () => now,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    print: (line) => {
      if (printed.length < maxPrinted) printed.push(line);
    },
  };
}

export function makeLimits({ elapsed }: Clocks): Limits {
  const end = elapsed() + maxMilliseconds;
  return { steps: maxSteps, isOver: () => elapsed() > end };
}
