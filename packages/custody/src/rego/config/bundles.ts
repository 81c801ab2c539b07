import * as v from "valibot";

import type { SigningConfig } from "./keys.ts";
import { readSigning, signingSchema } from "./keys.ts";
import { configFault, sizeBytes, text, trigger } from "./options.ts";
import type { Polling } from "./polling.ts";
import { pollingSchema, readPolling } from "./polling.ts";

/** Where a bundle comes from, and what it must be. */
export interface BundleConfig {
  readonly name: string;
  /** The name of its service; undefined for a resource that is a file. */
  readonly service: string | undefined;
  /** A path below the service's URL, `file:///…`, or for a registry `host/repository:tag`. */
  readonly resource: string;
  /** Undefined where bundles need not be signed. */
  readonly signing: SigningConfig | undefined;
  readonly polling: Polling;
  /** Whether the last good archive is kept on disk, for the next start. */
  readonly isPersisted: boolean;
  /** Of the archive. */
  readonly sizeLimitBytes: number;
}

const sizeLimitBytes = 64 * 1024 * 1024;

/** The options of a bundle and of discovery. */
export const downloadOptions = {
  service: v.optional(text, ""),
  signing: signingSchema,
  persist: v.optional(v.boolean(), false),
  trigger,
  polling: pollingSchema,
};

export const bundleSchema = v.strictObject({
  ...downloadOptions,
  resource: v.optional(text, ""),
  size_limit_bytes: v.optional(sizeBytes, sizeLimitBytes),
});

/** What bundles may refer to. */
export interface Known {
  readonly services: readonly string[];
  readonly keyIds: readonly string[];
}

/** @throws RegoFault `rego/config` for a service or key that is not there. */
export function readBundle(
  name: string,
  given: v.InferOutput<typeof bundleSchema>,
  known: Known,
): BundleConfig {
  const resource = given.resource === "" ? `bundles/${name}` : given.resource;
  return { ...readDownload(`bundles.${name}`, { ...given, name, resource }, known) };
}

interface Download extends Omit<v.InferOutput<typeof bundleSchema>, "size_limit_bytes"> {
  readonly name: string;
  readonly size_limit_bytes?: number;
}

/** @throws RegoFault `rego/config` for a service or key that is not there. */
export function readDownload(where: string, given: Download, { services, keyIds }: Known): BundleConfig {
  const isFile = given.resource.startsWith("file://");
  const signing = readSigning(given.signing, keyIds);
  if (signing?.keyId !== undefined && !keyIds.includes(signing.keyId))
    throw configFault(`${where}.signing.keyid: there is no key ${signing.keyId}`);
  if (given.signing && keyIds.length === 0)
    throw configFault(`${where}.signing: there are no keys to hold a signature against`);
  return {
    name: given.name,
    service: isFile ? undefined : findService(where, given.service, services),
    resource: given.resource,
    signing,
    polling: readPolling(where, given.polling),
    isPersisted: given.persist,
    sizeLimitBytes: given.size_limit_bytes ?? sizeLimitBytes,
  };
}

/** The service of that name; the first one where none is named. @throws RegoFault `rego/config` */
export function findService(where: string, name: string, services: readonly string[]): string {
  const found = name === "" ? services[0] : services.find((one) => one === name);
  if (found !== undefined) return found;
  throw configFault(`${where}.service: there is no service ${name === "" ? "at all" : name}`);
}
