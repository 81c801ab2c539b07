import { setTimeout as sleep } from "node:timers/promises";

import type { LogReader } from "custody/monitor";
import { monitorFault } from "custody/monitor";

export interface TileClientOptions {
  /** How long one answer may take; 20 s where nothing is said. */
  readonly timeoutMilliseconds?: number;
}

const tries = 3;
const pauseMilliseconds = 250;
const tileLimitBytes = 256 * 32;
const bundleLimitBytes = 256 * (2 + 65_535);
const checkpointLimitBytes = 1_000_000;

/** A {@link LogReader} over HTTP, by the prefix of a log's monitoring paths (C2SP tlog-tiles). */
export function openTileClient(
  url: string,
  { timeoutMilliseconds = 20_000 }: TileClientOptions = {},
): LogReader {
  const prefix = url.replace(/\/+$/, "");
  return { read: (path) => readPatiently(`${prefix}/${path}`, limitOf(path), timeoutMilliseconds) };
}

function limitOf(path: string): number {
  if (path.startsWith("tile/entries/")) return bundleLimitBytes;
  return path.startsWith("tile/") ? tileLimitBytes : checkpointLimitBytes;
}

// A proxy that restarts should not wake anybody.
async function readPatiently(
  url: string,
  limitBytes: number,
  timeout: number,
): Promise<Uint8Array | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readOnce(url, limitBytes, timeout);
    } catch (cause) {
      if (attempt === tries) {
        const message = cause instanceof Error ? cause.message : String(cause);
        throw monitorFault("monitor/unreachable", `${url} cannot be read: ${message}`, {
          subject: url,
          cause,
        });
      }
      await sleep(pauseMilliseconds * attempt);
    }
  }
}

async function readOnce(url: string, limitBytes: number, timeout: number): Promise<Uint8Array | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeout), redirect: "error" });
  if (response.status === 404 || response.status === 410) {
    await response.body?.cancel();
    return undefined;
  }
  if (response.status !== 200) throw new TypeError(`it answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > limitBytes) throw new TypeError(`it is larger than ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
