import { nodeRegoCrypto } from "@custody/node/rego-host";
import type { RegoVersion } from "custody/rego";
import { verifyBundle } from "custody/rego/bundle";
import type { BundleFiles, BundleKey } from "custody/rego/bundle";
import type { RegoStore } from "custody/rego/store";

import { plainService } from "../line-sinks.ts";
import { fileOrigin } from "./bundle-origin.ts";
import type { DownloadPlan } from "./downloader.ts";
import { httpOrigin } from "./http-origin.ts";
import { bundleUse, verified } from "./plans.ts";
import { ServiceClient } from "./service-client.ts";

/** A bundle that a flag names. */
export interface BundleSource {
  readonly name: string;
  /** A URL, which is asked again and again, or a file. */
  readonly place: string;
  /** True for a file, which is read once. */
  readonly isRead: boolean;
}

export interface BundleOptions {
  /** With a key, only bundles that it signed count. */
  readonly key?: BundleKey;
  readonly scope?: string;
  /** The pause between two requests. */
  readonly pollMilliseconds: number;
  /** The language of modules whose manifest does not say. Default `v1`. */
  readonly version?: RegoVersion;
  /** Of the archive, and ten times that unpacked. */
  readonly sizeLimitBytes: number;
}

/** How a bundle that a flag names is got. */
export function flaggedPlan(
  { name, place, isRead }: BundleSource,
  { key, scope, pollMilliseconds, version = "v1", sizeLimitBytes }: BundleOptions,
  store: RegoStore,
): DownloadPlan {
  const verify =
    key &&
    ((files: BundleFiles): void =>
      verifyBundle(files, { key, crypto: nodeRegoCrypto, ...(scope !== undefined && { scope }) }));
  return {
    origin: isRead
      ? fileOrigin(place.replace(/^file:\/\//, ""))
      : httpOrigin(new ServiceClient(plainService(place)), ""),
    minMilliseconds: pollMilliseconds,
    maxMilliseconds: pollMilliseconds,
    sizeLimitBytes,
    use: verified(verify, bundleUse(name, { store, version })),
  };
}
