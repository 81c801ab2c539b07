import { CustodyError } from "custody/ground";
import { documentLine } from "custody/rego/results";
import type { Document } from "custody/rego/results";

import type { ServiceClient } from "./service-client.ts";

/** Takes one report, a line of JSON. */
export type ReportSink = (report: string, signal: AbortSignal) => Promise<void>;

export interface ReporterOptions {
  /** How it stands now. */
  readonly document: () => Document;
  readonly sinks: readonly ReportSink[];
  /** Told of a report that nobody took; the next one has the newer state anyway. */
  readonly say: (line: string) => void;
}

/** So long are changes gathered. */
const pauseMilliseconds = 50;

/** Reports how it stands whenever that has changed: one report at a time, and none is of an older state. */
export class StatusReporter {
  readonly #options: ReporterOptions;
  readonly #stopped = new AbortController();
  #isDue = false;
  #running: Promise<void> | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Something has changed. */
  readonly touch = (): void => {
    this.#isDue = true;
    this.#running ??= this.#run();
  };

  /** Reports what is due a last time, for no longer than is allowed. */
  async close(allowedMilliseconds: number): Promise<void> {
    const timer = setTimeout(() => this.#stopped.abort(), allowedMilliseconds);
    await this.#running;
    clearTimeout(timer);
    this.#stopped.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (this.#isDue && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
      this.#isDue = false;
      const report = documentLine(this.#options.document());
      await Promise.all(this.#options.sinks.map((sink) => this.#give(sink, report)));
    }
    this.#running = undefined;
  }

  async #give(sink: ReportSink, report: string): Promise<void> {
    try {
      await sink(report, this.#stopped.signal);
    } catch (error) {
      this.#options.say(`status: ${error instanceof Error ? error.message : "unknown"}`);
    }
  }
}

/** To a service, as OPA reports its status. */
export function statusUpload(client: ServiceClient, path: string): ReportSink {
  return async (report, signal) => {
    const headers = { "content-type": "application/json" };
    const body = new TextEncoder().encode(report);
    const response = await client.send({ method: "POST", path, headers, body, signal });
    await response.body?.cancel();
    if (response.ok) return;
    const place = `${client.config.url}${path}`;
    throw new CustodyError("server/status", `${place} answered ${response.status}`, { subject: place });
  };
}
