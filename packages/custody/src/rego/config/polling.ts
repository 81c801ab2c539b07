import * as v from "valibot";

import { configFault, seconds } from "./options.ts";

/** How long to wait between two requests that went well: some time from the one to the other. */
export interface Delay {
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

export interface Polling extends Delay {
  /** How long a server may keep a request open until there is something new. */
  readonly waitSeconds: number | undefined;
}

const delays = {
  min_delay_seconds: v.optional(seconds),
  max_delay_seconds: v.optional(seconds),
};

export const delaySchema = delays;

export const pollingSchema = v.optional(
  v.strictObject({
    ...delays,
    long_polling_timeout_seconds: v.optional(v.pipe(seconds, v.minValue(1, "must be at least 1"))),
  }),
  {},
);

/** @throws RegoFault `rego/config` for one without the other, and for a maximum below the minimum. */
export function readDelay(
  where: string,
  given: { min_delay_seconds?: number | undefined; max_delay_seconds?: number | undefined },
  standard: Delay,
): Delay {
  const { min_delay_seconds: minSeconds, max_delay_seconds: maxSeconds } = given;
  if (minSeconds === undefined && maxSeconds === undefined) return standard;
  if (maxSeconds === undefined) throw configFault(`${where}.max_delay_seconds is missing`);
  if (minSeconds === undefined) throw configFault(`${where}.min_delay_seconds is missing`);
  if (maxSeconds < minSeconds) throw configFault(`${where}: the longest delay is shorter than the shortest`);
  return { minSeconds, maxSeconds };
}

const standardDelay: Delay = { minSeconds: 60, maxSeconds: 120 };

/** @throws RegoFault `rego/config` */
export function readPolling(where: string, given: v.InferOutput<typeof pollingSchema>): Polling {
  const delay = readDelay(`${where}.polling`, given, standardDelay);
  return { ...delay, waitSeconds: given.long_polling_timeout_seconds };
}
