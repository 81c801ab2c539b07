import * as v from "valibot";

import { findService } from "./bundles.ts";
import { missing, off, text, trigger } from "./options.ts";

/** Where the server says how it is. */
export interface StatusConfig {
  /** The service's name, and the path below its URL. */
  readonly upload: { readonly service: string; readonly resource: string } | undefined;
  readonly isOnConsole: boolean;
}

export const statusSchema = v.strictObject({
  plugin: missing("there are no plugins"),
  service: v.optional(text, ""),
  partition_name: v.optional(text, ""),
  console: v.optional(v.boolean(), false),
  prometheus: off("/metrics counts bundles that fail"),
  prometheus_config: missing("/metrics counts bundles that fail"),
  trigger,
});

/** @throws RegoFault `rego/config` for a service that is not there. */
export function readStatus(
  given: v.InferOutput<typeof statusSchema>,
  services: readonly string[],
): StatusConfig {
  const isUploaded = given.service !== "" || !given.console;
  const resource = given.partition_name === "" ? "/status" : `/status/${given.partition_name}`;
  return {
    upload: isUploaded ? { service: findService("status", given.service, services), resource } : undefined,
    isOnConsole: given.console,
  };
}
