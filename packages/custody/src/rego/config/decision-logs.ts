import * as v from "valibot";

import { findService } from "./bundles.ts";
import { configFault, missing, off, sizeBytes, text } from "./options.ts";
import { delaySchema, readDelay } from "./polling.ts";
import type { Delay } from "./polling.ts";

/** Where decisions are logged, how often, and what of them. */
export interface DecisionLogConfig {
  /** The service's name, and the path below its URL. */
  readonly upload: { readonly service: string; readonly resource: string } | undefined;
  /** Whether each is a line on the console too. */
  readonly isOnConsole: boolean;
  /** The pause between two uploads; none where each goes at once. */
  readonly delay: Delay | undefined;
  /** How much may wait: bytes. Undefined: as much as the server says. */
  readonly bufferBytes: number | undefined;
  /** Of one upload, before it is packed. */
  readonly uploadBytes: number;
  /** More than that are dropped, and counted. */
  readonly decisionsPerSecond: number | undefined;
  /** Paths of documents below `data`. */
  readonly mask: readonly string[];
  readonly drop: readonly string[];
}

const byBytes = "the buffer is bounded by buffer_size_limit_bytes";

const reporting = v.strictObject({
  ...delaySchema,
  buffer_type: v.optional(
    v.pipe(
      v.picklist(["size", "event"]),
      v.check((kind) => kind === "size", `event is not supported: ${byBytes}`),
    ),
  ),
  buffer_size_limit_bytes: v.optional(sizeBytes),
  buffer_size_limit_events: missing(byBytes),
  upload_size_limit_bytes: v.optional(sizeBytes, 32_768),
  max_decisions_per_second: v.optional(v.pipe(v.number(), v.minValue(0.001))),
  trigger: v.optional(
    v.pipe(
      v.picklist(["periodic", "immediate", "manual"]),
      v.check((mode) => mode !== "manual", "manual is not supported: write periodic or immediate"),
    ),
    "periodic",
  ),
});

export const decisionLogsSchema = v.strictObject({
  plugin: missing("there are no plugins"),
  service: v.optional(text, ""),
  partition_name: v.optional(text, ""),
  resource: v.optional(text, ""),
  console: v.optional(v.boolean(), false),
  mask_decision: v.optional(text, "/system/log/mask"),
  drop_decision: v.optional(text, "/system/log/drop"),
  nd_builtin_cache: off("answers of http.send and time are not logged"),
  request_context: missing("headers of requests are not logged"),
  reporting: v.optional(reporting, {}),
});

const standardDelay: Delay = { minSeconds: 300, maxSeconds: 600 };

/** @throws RegoFault `rego/config` */
export function readDecisionLogs(
  given: v.InferOutput<typeof decisionLogsSchema>,
  services: readonly string[],
): DecisionLogConfig {
  const { reporting: how, partition_name: partition } = given;
  if (how.buffer_size_limit_bytes !== undefined && how.max_decisions_per_second !== undefined) {
    const both = "buffer_size_limit_bytes and max_decisions_per_second";
    throw configFault(`decision_logs.reporting: give only one of ${both}`);
  }
  const isUploaded = given.service !== "" || !given.console;
  const resource = partition === "" ? given.resource || "/logs" : `/logs/${partition}`;
  const delay = readDelay("decision_logs.reporting", how, standardDelay);
  return {
    upload: isUploaded
      ? { service: findService("decision_logs", given.service, services), resource }
      : undefined,
    isOnConsole: given.console,
    delay: how.trigger === "immediate" ? undefined : delay,
    bufferBytes: how.buffer_size_limit_bytes,
    uploadBytes: how.upload_size_limit_bytes,
    decisionsPerSecond: how.max_decisions_per_second,
    mask: pathOf(given.mask_decision),
    drop: pathOf(given.drop_decision),
  };
}

/** `/system/log/mask` as names. */
function pathOf(decision: string): readonly string[] {
  return decision.split("/").filter((name) => name !== "");
}
