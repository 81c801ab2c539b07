import { GatekeeperFault } from "custody/gatekeeper";

/** What the answer needs to get back to the API server, in milliseconds. */
const wayBack = 100;

const unitMilliseconds: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * For how many milliseconds a request may be decided: the given time, or less where the API server's own `timeout` (`10s`,
 * `1m30s`) would end before.
 *
 * @throws GatekeeperFault `gatekeeper/review` for a timeout that is no duration.
 */
export function budgetMilliseconds(standard: number, timeout: string | null): number {
  if (timeout === null) return standard;
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(timeout) || timeout.length > 64)
    throw new GatekeeperFault("gatekeeper/review", "the parameter timeout is no duration");
  const parts = [...timeout.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  const total = parts.reduce(
    (sum, [, amount, unit = ""]) => sum + Number(amount) * (unitMilliseconds[unit] ?? 0),
    0,
  );
  return Math.max(0, Math.min(standard, total - wayBack));
}
