import type { Configuration, DecisionLogConfig, StatusConfig } from "custody/rego/config";

import { DecisionLog } from "../decision-log.ts";
import type { DecisionLogOptions } from "../decision-log.ts";
import { LineBuffer } from "../line-buffer.ts";
import type { LineBufferOptions, LineSink } from "../line-buffer.ts";
import { consoleSink, serviceSink } from "../line-sinks.ts";
import type { RegoServices } from "../services.ts";
import { statusDocument } from "../status-document.ts";
import { getService } from "./plans.ts";
import { ServiceClient } from "./service-client.ts";
import { StatusReporter, statusUpload } from "./status-reporter.ts";
import type { ReportSink } from "./status-reporter.ts";

/** The log of decisions that flags ask for. */
export interface DecisionOptions {
  readonly sink: LineSink;
  readonly hidesSecrets: boolean;
  readonly sizeLimitBytes: number;
}

const standardBufferBytes = 16 * 1024 * 1024;
const usual = { batchLines: 1000, retryMilliseconds: 30_000 };
const standardMask = ["system", "log", "mask"];
const standardDrop = ["system", "log", "drop"];

export function openFlaggedLog(
  { sink, hidesSecrets, sizeLimitBytes }: DecisionOptions,
  services: RegoServices,
  changed: () => void,
): DecisionLog {
  const lines = new LineBuffer({ ...usual, sink, sizeLimitBytes, changed });
  return new DecisionLog({
    ...logBase(services),
    lines,
    hidesSecrets,
    mask: standardMask,
    drop: standardDrop,
  });
}

/** The log of decisions that a configuration asks for; what looks like a secret is left out of it. */
export function openConfiguredLog(
  configuration: Configuration,
  config: DecisionLogConfig,
  services: RegoServices,
  changed: () => void,
): DecisionLog {
  const { upload, isOnConsole, mask, drop } = config;
  const toConsole = isOnConsole ? consoleBuffer(config) : undefined;
  const toService =
    upload && new LineBuffer({ ...bufferOptions(config), sink: uploadOf(configuration, upload), changed });
  const lines = toService ?? toConsole ?? consoleBuffer(config);
  return new DecisionLog({
    ...logBase(services),
    lines,
    ...(toService && toConsole && { console: toConsole }),
    hidesSecrets: true,
    mask,
    drop,
  });
}

function logBase(services: RegoServices): Pick<DecisionLogOptions, "host" | "labels" | "store"> {
  const { store, host } = services;
  return { store, host, labels: () => services.labels };
}

function bufferOptions(config: DecisionLogConfig): Omit<LineBufferOptions, "sink"> {
  const { delay, bufferBytes, uploadBytes, decisionsPerSecond } = config;
  return {
    ...usual,
    sizeLimitBytes: bufferBytes ?? standardBufferBytes,
    batchBytes: uploadBytes,
    ...(delay && {
      delay: { minMilliseconds: delay.minSeconds * 1000, maxMilliseconds: delay.maxSeconds * 1000 },
    }),
    ...(decisionsPerSecond !== undefined && { linesPerSecond: decisionsPerSecond }),
  };
}

function consoleBuffer({ bufferBytes = standardBufferBytes }: DecisionLogConfig): LineBuffer {
  const sink = consoleSink("openpolicyagent.org/decision_logs", "Decision Log");
  return new LineBuffer({ ...usual, sink, sizeLimitBytes: bufferBytes });
}

function uploadOf(
  configuration: Configuration,
  { service, resource }: NonNullable<DecisionLogConfig["upload"]>,
): LineSink {
  return serviceSink(new ServiceClient(getService(configuration, service)), resource);
}

export function openReporter(
  configuration: Configuration,
  { upload, isOnConsole }: StatusConfig,
  services: RegoServices,
  say: (line: string) => void,
): StatusReporter {
  const shown = consoleSink("openpolicyagent.org/status", "Status Log");
  const sinks: readonly ReportSink[] = [
    ...(isOnConsole ? [async (report: string, signal: AbortSignal) => shown([report], signal)] : []),
    ...(upload
      ? [statusUpload(new ServiceClient(getService(configuration, upload.service)), upload.resource)]
      : []),
  ];
  return new StatusReporter({ document: () => statusDocument(services), sinks, say });
}
