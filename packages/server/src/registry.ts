import { join } from "node:path";

import { nodeCrypto } from "@custody/node/crypto";
import type { Database } from "@custody/node/postgres";
import { metadataRows, openUploadFiles } from "@custody/node/registry-store";
import type { Secret } from "custody/ground";
import { isDigest } from "custody/ground";
import type { BlobStore } from "custody/oci";
import type { Authorize, MetadataStore, RegistryPorts } from "custody/registry";

import type { ResolveTag } from "./things.ts";
import { isToken } from "./token.ts";

export { registryMigrations } from "@custody/node/registry-store";

/** The registry of the server. */
export interface OpenedRegistry {
  readonly ports: RegistryPorts;
  readonly resolveTag: ResolveTag;
}

const maxBlobBytes = 16 * 1024 * 1024 * 1024;

/** Opens the registry over the server's blobs and database: anyone who reaches it may pull, pushing takes the token. */
export async function openRegistry(options: {
  readonly directory: string;
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly token: Secret<string>;
}): Promise<OpenedRegistry> {
  const metadata = metadataRows(options.database);
  const ports = {
    blobs: options.blobs,
    uploads: await openUploadFiles(join(options.directory, "uploads")),
    metadata,
    authorize: authorizeBy(options.token),
    crypto: nodeCrypto,
    maxBlobBytes,
  };
  return { ports, resolveTag: (repository, tag) => resolve(metadata, repository, tag) };
}

// Stock clients send credentials only where the registry's first door asks for them; what they then pull is open to all.
function authorizeBy(token: Secret<string>): Authorize {
  return async ({ action, repository, credentials }) => {
    if (credentials) return isToken(token, credentials.password.reveal()) ? "allowed" : "unauthenticated";
    return action === "pull" && repository !== undefined ? "allowed" : "unauthenticated";
  };
}

async function resolve(metadata: MetadataStore, repository: string, tag: string): ReturnType<ResolveTag> {
  const found = isDigest(tag)
    ? await metadata.findManifest(repository, tag)
    : await metadata.findTag(repository, tag);
  return found?.digest;
}
