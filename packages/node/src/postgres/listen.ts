import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";
import type { ClientConfig } from "pg";

/** What is called; without payload when notifications may have been missed. */
export type Listener = (payload?: string) => void;

export type StopListening = () => Promise<void>;

const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 5_000;

/** See `Database.listen`. */
export async function listen(
  config: ClientConfig,
  channel: string,
  listener: Listener,
): Promise<StopListening> {
  const stopping = new AbortController();
  const loop = keepListening(config, channel, listener, stopping.signal);
  return async () => {
    stopping.abort();
    await loop;
  };
}

// Notifications are hints: while there is no connection, nothing is lost but promptness.
async function keepListening(
  config: ClientConfig,
  channel: string,
  listener: Listener,
  signal: AbortSignal,
): Promise<void> {
  let pause = firstPauseMilliseconds;
  while (!signal.aborted) {
    const wasConnected = await listenOnce(config, channel, listener, signal);
    pause = wasConnected ? firstPauseMilliseconds : Math.min(pause * 2, longestPauseMilliseconds);
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

async function listenOnce(
  config: ClientConfig,
  channel: string,
  listener: Listener,
  signal: AbortSignal,
): Promise<boolean> {
  const client = new Client(config);
  client.on("error", () => undefined);
  client.on("notification", ({ payload }) => listener(payload));
  try {
    await client.connect();
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    listener();
    await once(client, "end", { signal });
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
