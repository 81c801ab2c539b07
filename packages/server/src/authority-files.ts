import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { generateSigner, nodeCrypto, openKeyFile } from "@custody/node/crypto";
import { makeDirectory } from "@custody/node/files";
import type { Authorities, AuthorityPorts, EphemeralKeys, Issuer } from "custody/authority";
import { certifyIntermediate, certifyTimestampKey, createRoot } from "custody/authority";
import type { Certificate } from "custody/evidence";
import type { Bytes, Signer } from "custody/ground";
import { CustodyError, instantOf } from "custody/ground";
import type { TrustDomain } from "custody/spiffe";

import { openCertificate, openRootKey } from "./key-folder.ts";
import { openKeyless } from "./keyless-files.ts";
import type { OpenedKeyless } from "./keyless-files.ts";
import { nextLogOrigin } from "./log-shards.ts";
import type { ShardPlan } from "./log-shards.ts";
import { findOwnShard, makeTrustedRoot, openTrustedRoot } from "./trusted-root-file.ts";

/** What lets the authorities act: the machine's clock and randomness, and fresh keys in this process's memory. */
export const authorityPorts: AuthorityPorts & { readonly keys: EphemeralKeys } = {
  crypto: nodeCrypto,
  clock: { now: () => instantOf(Date.now()) },
  random: { bytes: (count: number): Bytes => new Uint8Array(randomBytes(count)) },
  keys: { generate: () => generateSigner("ecdsa-p256-sha256") },
};

/** The authorities of a directory, and the keys that its logs sign with. */
export interface OpenedAuthorities {
  readonly authorities: Authorities;
  readonly logSigner: Signer;
  readonly logOrigin: string;
  readonly keyless: OpenedKeyless;
}

/**
 * Opens the keys and certificates below `directory/keys`, made on first start, the keys for the owner only.
 *
 * `root.key` signs only the first time: it can be moved elsewhere afterwards.
 *
 * @throws CustodyError `server/trust-domain` when the directory belongs to another trust domain, `crypto/…`, `files/…`.
 */
export async function openAuthorities(
  directory: string,
  trustDomain: TrustDomain,
  plan: ShardPlan = {},
): Promise<OpenedAuthorities> {
  const folder = join(directory, "keys");
  await makeDirectory(folder, 0o700);
  const signer = await openKeyFile(join(folder, "intermediate.key"), "ecdsa-p256-sha256");
  const timestampSigner = await openKeyFile(join(folder, "timestamp.key"), "ecdsa-p256-sha256");
  const logSigner = await openKeyFile(join(folder, "log.key"), "ed25519");
  const request = { trustDomain, publicKey: signer.publicKey };
  const root = await openCertificate(folder, "root", async () =>
    createRoot(authorityPorts, trustDomain, await openRootKey(folder, "root")),
  );
  if (root.uris[0] !== `spiffe://${trustDomain}`) throw otherDomain(root, trustDomain);
  const asIssuer = async (): Promise<Issuer> => ({
    certificate: root,
    signer: await openRootKey(folder, "root"),
  });
  const intermediate = await openCertificate(folder, "intermediate", async () =>
    certifyIntermediate(authorityPorts, await asIssuer(), request),
  );
  const timestamp = await openCertificate(folder, "timestamp", async () =>
    certifyTimestampKey(authorityPorts, await asIssuer(), {
      trustDomain,
      publicKey: timestampSigner.publicKey,
    }),
  );
  const shard = await findOwnShard(directory, logSigner, (taken) =>
    nextLogOrigin(trustDomain, taken, plan, authorityPorts.clock.now()),
  );
  const keyless = await openKeyless(authorityPorts, folder, trustDomain);
  const trustedRoot = await openTrustedRoot(
    directory,
    makeTrustedRoot({ trustDomain, root, intermediate, timestamp, logSigner, shard, keyless }),
  );
  const authorities = {
    trustDomain,
    intermediate: { certificate: intermediate, signer },
    timestamp: { certificate: timestamp, signer: timestampSigner },
    trustedRoot,
  };
  return { authorities, logSigner, logOrigin: shard.origin, keyless };
}

function otherDomain(root: Certificate, wanted: TrustDomain): CustodyError {
  return new CustodyError(
    "server/trust-domain",
    `the directory belongs to ${root.uris[0]}, not to spiffe://${wanted}`,
    {
      next: "start with the directory's own trust domain, or with another directory",
    },
  );
}
