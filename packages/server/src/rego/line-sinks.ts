import { appendFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

import { CustodyError } from "custody/ground";
import type { ServiceConfig } from "custody/rego/config";

import type { LineSink } from "./line-buffer.ts";
import { ServiceClient } from "./management/service-client.ts";

/** To standard output. */
export const standardOutput: LineSink = async (lines) => print(lines);

/** To standard output as OPA's console has it: each with what it is, and when it was written. */
export function consoleSink(type: string, message: string): LineSink {
  return async (lines) => {
    const head = JSON.stringify({ level: "info", msg: message, time: new Date().toISOString(), type });
    await print(lines.map((line) => `${head.slice(0, -1)},${line.slice(1)}`));
  };
}

function print(lines: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${lines.join("\n")}\n`, (error) => (error ? reject(error) : resolve()));
  });
}

/** To the end of a file, which only its owner may read. */
export function fileSink(path: string): LineSink {
  return async (lines) => appendFile(path, `${lines.join("\n")}\n`, { mode: 0o600 });
}

/** To a URL: arrays of decisions, packed, as OPA uploads them. */
export function uploadSink(url: string): LineSink {
  return serviceSink(new ServiceClient(plainService(url)), "");
}

/** To a service, in the same form. */
export function serviceSink(client: ServiceClient, path: string): LineSink {
  return async (lines, signal) => {
    const body = gzipSync(`[${lines.join(",")}]`);
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    const response = await client.send({ method: "POST", path, headers, body, signal });
    await response.body?.cancel();
    if (response.ok) return;
    const place = `${client.config.url}${path}`;
    throw new CustodyError("server/decision-log", `${place} answered ${response.status}`, { subject: place });
  };
}

/** A URL that needs no credentials. */
export function plainService(url: string): ServiceConfig {
  return { name: url, url, protocol: "http", headers: {}, credentials: undefined, timeoutSeconds: 10 };
}
