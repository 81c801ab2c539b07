import { fileURLToPath } from "node:url";

import { CustodyError } from "custody/ground";
import type { RegoVersion } from "custody/rego";
import { readBundle, readPatch } from "custody/rego/bundle";
import type { BundleFiles } from "custody/rego/bundle";
import { optionsText } from "custody/rego/config";
import type { BundleConfig, Configuration, ServiceConfig } from "custody/rego/config";
import type { RegoStore } from "custody/rego/store";

import { fileOrigin } from "./bundle-origin.ts";
import type { BundleOrigin } from "./bundle-origin.ts";
import { bundleVerification } from "./bundle-verification.ts";
import type { BundleVerification } from "./bundle-verification.ts";
import type { DownloadPlan, Used } from "./downloader.ts";
import { httpOrigin } from "./http-origin.ts";
import { KeptArchive } from "./kept-archive.ts";
import { ociOrigin } from "./oci-origin.ts";
import { ServiceClient } from "./service-client.ts";

/** Where a bundle goes, and the language of its modules where its manifest does not say. */
export interface Target {
  readonly store: RegoStore;
  readonly version: RegoVersion;
}

/**
 * How a bundle of a configuration is kept new.
 *
 * @param use takes its files, once their signature was looked at.
 * @throws CustodyError `server/key` for keys that are none; `oci/reference`, `server/bundle` for a resource that is none.
 */
export function planOf(
  configuration: Configuration,
  bundle: BundleConfig,
  use: (files: BundleFiles) => Used,
): DownloadPlan {
  const { polling, signing, sizeLimitBytes, isPersisted, name } = bundle;
  const verify = signing && bundleVerification(signing, configuration.keys);
  return {
    origin: originOf(configuration, bundle),
    minMilliseconds: polling.minSeconds * 1000,
    maxMilliseconds: polling.maxSeconds * 1000,
    ...(polling.waitSeconds !== undefined && { waitSeconds: polling.waitSeconds }),
    sizeLimitBytes,
    ...(isPersisted && { kept: new KeptArchive(configuration.persistenceDirectory ?? ".opa", name) }),
    use: verified(verify, use),
  };
}

/** Whatever verifies goes before whatever uses. */
export function verified(
  verify: BundleVerification | undefined,
  use: (files: BundleFiles) => Used,
): DownloadPlan["use"] {
  return (files) => {
    verify?.(files);
    return use(files);
  };
}

function originOf(configuration: Configuration, { name, service, resource }: BundleConfig): BundleOrigin {
  if (service === undefined) return fileOrigin(pathOf(name, resource));
  const client = new ServiceClient(getService(configuration, service));
  return client.config.protocol === "oci" ? ociOrigin(client, resource) : httpOrigin(client, resource);
}

function pathOf(name: string, resource: string): string {
  try {
    return fileURLToPath(resource);
  } catch (cause) {
    throw new CustodyError("server/bundle", `bundle ${name}: ${resource} is no URL of a file`, { cause });
  }
}

/** A service that the configuration was found to have. */
export function getService({ services }: Configuration, name: string): ServiceConfig {
  const found = services.get(name);
  if (found) return found;
  throw new CustodyError("server/service", `there is no service ${name}`, { subject: name });
}

/** Puts a bundle in the place of the one before, or makes the changes of a delta bundle to that. */
export function bundleUse(name: string, { store, version }: Target): (files: BundleFiles) => Used {
  return (files) => {
    const patch = readPatch(files);
    if (patch) {
      store.patchBundle(name, patch);
      return { kind: "delta", revision: patch.manifest.revision };
    }
    const bundle = readBundle(files, { version });
    store.activate(name, bundle);
    return { kind: "snapshot", revision: bundle.manifest.revision };
  };
}

/** The same text for a bundle that is got from the same place in the same way. */
export function planText(configuration: Configuration, { name, service = "" }: BundleConfig): string {
  const paths = [["bundles", name], ["services", service], ["keys"], ["persistence_directory"]];
  return paths.map((path) => optionsText(configuration, path)).join("\n");
}
