import { setTimeout as sleep } from "node:timers/promises";

import { nodeCrypto } from "@custody/node/crypto";
import { lockDirectory, makeDirectory } from "@custody/node/files";
import { openMonitorFile } from "@custody/node/monitor-files";
import { openTileClient } from "@custody/node/tile-client";
import { CustodyError, parseUtf8 } from "custody/ground";
import { parseExpectations, parseWatchList, watchLog } from "custody/monitor";
import type { Alarm, Look, MonitorPorts, Watch } from "custody/monitor";
import { parseVerifierKey } from "custody/note";

import { exitCodes, reportError } from "../output.ts";
import type { Call } from "./call.ts";
import { parseDuration } from "./duration.ts";
import { readFileBytes } from "./read-file.ts";
import { untilSignal } from "./until-signal.ts";
import { readWitnessPolicy } from "./witness-policy.ts";

export interface MonitorOptions {
  readonly json?: boolean;
  readonly dir: string;
  readonly log: string;
  readonly key: string;
  readonly witnessPolicy?: string;
  readonly watch?: string;
  readonly expect?: string;
  readonly once?: boolean;
  readonly interval: string;
  readonly webhook?: string;
}

const listLimitBytes = 8 * 1024 * 1024;
const webhookTimeoutMilliseconds = 10_000;

/** `custody monitor`: 1 when it raised an alarm, 2 when it could not look. */
export async function monitor(call: Call<MonitorOptions>): Promise<number> {
  const { options } = call;
  const interval = parseDuration(options.interval);
  await makeDirectory(options.dir, 0o700);
  const lock = await lockDirectory(options.dir);
  try {
    const ports = await openPorts(call);
    if (options.once === true) return await lookOnce(call, ports);
    return await lookUntilSignal(call, ports, interval);
  } finally {
    await lock.release();
  }
}

async function openPorts({ options, output }: Call<MonitorOptions>): Promise<MonitorPorts> {
  return {
    crypto: nodeCrypto,
    log: openTileClient(options.log),
    store: await openMonitorFile(options.dir),
    async raise(alarm) {
      if (options.webhook !== undefined) await post(options.webhook, alarm);
      output.event(alarm, `${alarm.log}: ${alarm.message} [${alarm.code}]`);
    },
  };
}

async function post(url: string, alarm: Alarm): Promise<void> {
  try {
    const signal = AbortSignal.timeout(webhookTimeoutMilliseconds);
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(alarm), signal });
    await response.body?.cancel();
    if (!response.ok) throw new TypeError(`it answered ${response.status}`);
  } catch (cause) {
    throw new CustodyError(
      "cli/webhook",
      `the alarm could not be told to ${url}: ${(cause as Error).message}`,
      {
        subject: url,
        next: "it is told again at the next look",
        cause,
      },
    );
  }
}

// The lists are read at every look: what is expected next is written while the monitor runs.
async function watchOf({ key, witnessPolicy, watch, expect }: MonitorOptions): Promise<Watch> {
  const logKey = parseVerifierKey(nodeCrypto, key);
  const { witnesses } = await readWitnessPolicy(witnessPolicy);
  return {
    origin: logKey.name,
    logKey,
    watched: parseWatchList(await readList(watch)),
    expected: parseExpectations(await readList(expect)),
    ...(witnesses ? { policy: witnesses.policy } : {}),
  };
}

async function readList(path: string | undefined): Promise<string> {
  return path === undefined ? "" : parseUtf8(await readFileBytes(path, listLimitBytes));
}

async function lookOnce({ options, output }: Call<MonitorOptions>, ports: MonitorPorts): Promise<number> {
  const { last, alarms } = await lookToTheEnd(options, ports);
  output.event(
    { log: options.log, ...last, alarms },
    last.isStuck
      ? `${options.log}: what it shows is wrong, and was looked at no further; before, ${last.read} of ${last.size} entries were`
      : `${options.log}: ${last.read} of ${last.size} entries looked at`,
  );
  return alarms > 0 ? exitCodes.refused : exitCodes.yes;
}

/** Looks until there is nothing more to look at, or something is wrong with what there is. */
async function lookToTheEnd(
  options: MonitorOptions,
  ports: MonitorPorts,
): Promise<{ readonly last: Look; readonly alarms: number }> {
  const watch = await watchOf(options);
  let alarms = 0;
  for (;;) {
    const last = await watchLog(ports, watch);
    alarms += last.alarms;
    if (last.read === last.size || last.isStuck) return { last, alarms };
  }
}

async function lookUntilSignal(
  { options }: Call<MonitorOptions>,
  ports: MonitorPorts,
  interval: number,
): Promise<number> {
  const stop = new AbortController();
  const stopped = untilSignal().then(() => stop.abort());
  let alarms = 0;
  while (!stop.signal.aborted) {
    try {
      alarms += (await lookToTheEnd(options, ports)).alarms;
    } catch (error) {
      reportError(error, options.json === true);
    }
    await sleep(interval, undefined, { signal: stop.signal }).catch(() => undefined);
  }
  await stopped;
  return alarms > 0 ? exitCodes.refused : exitCodes.yes;
}
