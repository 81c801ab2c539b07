import { readFile, stat } from "node:fs/promises";

import { pushBundle, RegistryClient } from "@custody/node/registry-client";
import { unpackBundle } from "@custody/node/rego-bundles";
import { CustodyError, Secret } from "custody/ground";
import { formatReference, parseReference } from "custody/oci";
import { readBundle } from "custody/rego/bundle";
import { documentText, members } from "custody/rego/results";

import { endings } from "./call.ts";
import type { RegoCall } from "./call.ts";
import { explained } from "./load-error.ts";

export interface PushOptions {
  readonly user: string;
  readonly passwordFile: string;
  readonly plainHttp?: boolean;
  readonly json?: boolean;
}

const archiveLimitBytes = 64 * 1024 * 1024;
const unpackedLimitBytes = 10 * archiveLimitBytes;

/** `custody rego push`: ends with 2 where the archive is no bundle, or the registry does not take it. */
export async function push({ args, options, streams }: RegoCall<PushOptions>): Promise<number> {
  try {
    const [path = "", target = ""] = args;
    const { registry, repository, tag = "latest", digest } = parseReference(target);
    if (registry === undefined || digest !== undefined)
      throw usage(`${target} names no tag of a registry`, "write it as registry.test/policies/authz:1");
    const archive = await readArchive(path);
    const password = new Secret((await readFile(options.passwordFile, "utf8")).trim());
    const url = `${options.plainHttp ? "http" : "https"}://${registry}`;
    const client = new RegistryClient({ url, user: options.user, password });
    const pushed = await pushBundle(client, { repository, tag }, archive);
    const reference = formatReference({ registry, repository, digest: pushed });
    const document = members({ reference, digest: pushed, tag });
    streams.out(options.json ? `${documentText(document)}\n` : `${reference}\n`);
    return endings.done;
  } catch (error) {
    streams.err(explained(error).text);
    return endings.error;
  }
}

/** What is no bundle is not pushed. */
async function readArchive(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const { size } = await stat(path);
  if (size > archiveLimitBytes)
    throw usage(`${path} is larger than ${archiveLimitBytes} bytes`, "leave out data that no policy reads");
  const archive = new Uint8Array(await readFile(path));
  readBundle(await unpackBundle(archive, unpackedLimitBytes));
  return archive;
}

function usage(message: string, next: string): CustodyError {
  return new CustodyError("cli/usage", message, { next });
}
