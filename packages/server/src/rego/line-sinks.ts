import { appendFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

import { CustodyError } from "custody/ground";

import type { LineSink } from "./line-buffer.ts";

const postTimeoutMilliseconds = 10_000;

/** To standard output. */
export const standardOutput: LineSink = (lines) =>
  new Promise((resolve, reject) => {
    process.stdout.write(`${lines.join("\n")}\n`, (error) => (error ? reject(error) : resolve()));
  });

/** To the end of a file, which only its owner may read. */
export function fileSink(path: string): LineSink {
  return async (lines) => appendFile(path, `${lines.join("\n")}\n`, { mode: 0o600 });
}

/** To a service: arrays of decisions, packed, as OPA uploads them. */
export function uploadSink(url: string): LineSink {
  return async (lines, signal) => {
    const response = await fetch(url, {
      method: "POST",
      body: gzipSync(`[${lines.join(",")}]`),
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(postTimeoutMilliseconds)]),
    });
    await response.body?.cancel();
    if (response.ok) return;
    throw new CustodyError("server/decision-log", `${url} answered ${response.status}`, { subject: url });
  };
}
