import * as v from "valibot";

import { downloadOptions, readDownload } from "./bundles.ts";
import type { BundleConfig, Known } from "./bundles.ts";
import { configFault, missing, text } from "./options.ts";

/** The bundle that holds the rest of the configuration. */
export interface DiscoveryConfig extends BundleConfig {
  /** The document that is the configuration: a path below `data`. */
  readonly decision: readonly string[];
}

const useResource = "write discovery.resource";

export const discoverySchema = v.strictObject({
  ...downloadOptions,
  resource: v.pipe(text, v.minLength(1, "holds nothing")),
  decision: v.optional(text, ""),
  name: missing(useResource),
  prefix: missing(useResource),
});

/** @throws RegoFault `rego/config` for a service or key that is not there, and where it could be one of several. */
export function readDiscovery(given: v.InferOutput<typeof discoverySchema>, known: Known): DiscoveryConfig {
  if (given.service === "" && known.services.length > 1)
    throw configFault("discovery.service: there is more than one service");
  return {
    ...readDownload("discovery", { ...given, name: "discovery" }, known),
    decision: given.decision.split("/").filter((name) => name !== ""),
  };
}
