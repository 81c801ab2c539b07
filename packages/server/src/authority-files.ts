import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { generateSigner, nodeCrypto, openKeyFile } from "@custody/node/crypto";
import { createFile, hasErrno, makeDirectory } from "@custody/node/files";
import type { Authorities, AuthorityPorts, EphemeralKeys, Issuer } from "custody/authority";
import { certifyIntermediate, certifyTimestampKey, createRoot } from "custody/authority";
import type { Certificate, TrustedRoot } from "custody/evidence";
import { ed25519LogId, formatTrustedRoot, parseCertificate, parseTrustedRoot } from "custody/evidence";
import type { Bytes, Signer } from "custody/ground";
import { CustodyError, instantOf, parseJson, utf8 } from "custody/ground";
import type { TrustDomain } from "custody/spiffe";

/** What lets the authorities act: the machine's clock and randomness, and fresh keys in this process's memory. */
export const authorityPorts: AuthorityPorts & { readonly keys: EphemeralKeys } = {
  crypto: nodeCrypto,
  clock: { now: () => instantOf(Date.now()) },
  random: { bytes: (count: number): Bytes => new Uint8Array(randomBytes(count)) },
  keys: { generate: () => generateSigner("ecdsa-p256-sha256") },
};

/** The authorities of a directory, and the key that its log signs checkpoints with. */
export interface OpenedAuthorities {
  readonly authorities: Authorities;
  readonly logSigner: Signer;
  readonly logOrigin: string;
}

const ed25519KeyBytes = 32;

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
): Promise<OpenedAuthorities> {
  const folder = join(directory, "keys");
  await makeDirectory(folder, 0o700);
  const signer = await openKeyFile(join(folder, "intermediate.key"), "ecdsa-p256-sha256");
  const timestampSigner = await openKeyFile(join(folder, "timestamp.key"), "ecdsa-p256-sha256");
  const logSigner = await openKeyFile(join(folder, "log.key"), "ed25519");
  const request = { trustDomain, publicKey: signer.publicKey };
  const root = await openCertificate(folder, "root", async () =>
    createRoot(authorityPorts, trustDomain, await openRootKey(folder)),
  );
  if (root.uris[0] !== `spiffe://${trustDomain}`) throw otherDomain(root, trustDomain);
  const asIssuer = async (): Promise<Issuer> => ({ certificate: root, signer: await openRootKey(folder) });
  const intermediate = await openCertificate(folder, "intermediate", async () =>
    certifyIntermediate(authorityPorts, await asIssuer(), request),
  );
  const timestamp = await openCertificate(folder, "timestamp", async () =>
    certifyTimestampKey(authorityPorts, await asIssuer(), {
      trustDomain,
      publicKey: timestampSigner.publicKey,
    }),
  );
  const logOrigin = `${trustDomain}/log`;
  const trustedRoot = await openTrustedRoot(directory, () =>
    makeTrustedRoot({ trustDomain, root, intermediate, timestamp, logSigner, logOrigin }),
  );
  const authorities = {
    trustDomain,
    intermediate: { certificate: intermediate, signer },
    timestamp: { certificate: timestamp, signer: timestampSigner },
    trustedRoot,
  };
  return { authorities, logSigner, logOrigin };
}

function openRootKey(folder: string): Promise<Signer> {
  return openKeyFile(join(folder, "root.key"), "ecdsa-p256-sha256");
}

async function openCertificate(
  folder: string,
  name: string,
  make: () => Promise<Certificate>,
): Promise<Certificate> {
  const path = join(folder, `${name}.crt`);
  const found = (await findFile(path)) ?? (await keepFile(path, (await make()).der));
  return parseCertificate(found);
}

async function openTrustedRoot(directory: string, make: () => TrustedRoot): Promise<TrustedRoot> {
  const path = join(directory, "trusted_root.json");
  const found =
    (await findFile(path)) ??
    (await keepFile(path, utf8(`${JSON.stringify(formatTrustedRoot(make()), null, 2)}\n`)));
  return parseTrustedRoot(parseJson(found));
}

// What is kept first stays: a start that was cut short goes on with the files it had made.
async function keepFile(path: string, content: Bytes): Promise<Bytes> {
  await createFile(path, content, { mode: 0o644 });
  return new Uint8Array(await readFile(path));
}

async function findFile(path: string): Promise<Bytes | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

interface Trusted {
  readonly trustDomain: TrustDomain;
  readonly root: Certificate;
  readonly intermediate: Certificate;
  readonly timestamp: Certificate;
  readonly logSigner: Signer;
  readonly logOrigin: string;
}

function makeTrustedRoot(trusted: Trusted): TrustedRoot {
  const { trustDomain, root, intermediate, timestamp, logSigner, logOrigin } = trusted;
  const uri = `spiffe://${trustDomain}`;
  const validFor = { start: root.validity.start };
  return {
    authorities: [{ uri, chain: [intermediate, root], validFor }],
    timestampAuthorities: [{ uri, signingCertificate: timestamp, chain: [root], validFor }],
    logs: [
      {
        origin: logOrigin,
        baseUrl: `https://${logOrigin}`,
        logId: ed25519LogId(nodeCrypto, logOrigin, logSigner.publicKey.spki.slice(-ed25519KeyBytes)),
        publicKey: logSigner.publicKey,
        validFor,
      },
    ],
    certificateLogs: [],
  };
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
