import { join } from "node:path";

import { nodeCrypto } from "@custody/node/crypto";
import { replaceFile } from "@custody/node/files";
import type { Certificate, TrustedLog, TrustedRoot } from "custody/evidence";
import { ed25519LogId, formatTrustedRoot, parseTrustedRoot } from "custody/evidence";
import { certificateLogId } from "custody/fulcio";
import type { Bytes, Instant, Signer, TimeRange } from "custody/ground";
import { equalBytes, parseJson, toHex, utf8 } from "custody/ground";
import type { TrustDomain } from "custody/spiffe";

import { findFile, keepFile } from "./key-folder.ts";
import type { OpenedKeyless } from "./keyless-files.ts";
import { startAfter } from "./log-shards.ts";
import { findRetired } from "./retired-keys.ts";

const ed25519KeyBytes = 32;

/**
 * The directory's `trusted_root.json`, made on first start. What it does not name yet is added (an older release made it, or
 * a key was rotated); the trust in what was retired ends; nothing of what it names is taken away.
 */
export async function openTrustedRoot(directory: string, own: TrustedRoot): Promise<TrustedRoot> {
  const path = join(directory, "trusted_root.json");
  const bytes = (await findFile(path)) ?? (await keepFile(path, rootBytes(own)));
  const found = parseTrustedRoot(parseJson(bytes));
  const retired = await findRetired(join(directory, "keys"));
  const whole: TrustedRoot = {
    ...found,
    authorities: merge(found.authorities, own.authorities, retired, ({ chain }) => chain[0]?.der),
    timestampAuthorities: merge(
      found.timestampAuthorities,
      own.timestampAuthorities,
      retired,
      ({ signingCertificate }) => signingCertificate.der,
    ),
    logs: merge(found.logs, own.logs, retired, ({ publicKey }) => publicKey.spki),
    certificateLogs: merge(found.certificateLogs, own.certificateLogs, retired, ({ logId }) => logId),
  };
  if (!equalBytes(rootBytes(whole), rootBytes(found))) await replaceFile(path, rootBytes(whole));
  return whole;
}

function merge<T extends { readonly validFor: TimeRange }>(
  found: readonly T[],
  own: readonly T[],
  retired: ReadonlyMap<string, Instant>,
  identify: (member: T) => Bytes | undefined,
): readonly T[] {
  const idOf = (member: T): string => toHex(identify(member) ?? new Uint8Array());
  const known = new Set(found.map(idOf));
  return [...found, ...own.filter((member) => !known.has(idOf(member)))].map((member) => {
    const end = retired.get(idOf(member));
    if (end === undefined || member.validFor.end !== undefined) return member;
    return { ...member, validFor: { ...member.validFor, end } };
  });
}

/** The shard that a directory's log is in: under which name it signs, and since when that counts. */
export interface OwnShard {
  readonly origin: string;
  /** Undefined for the first one, which is trusted as long as the directory's root is. */
  readonly start: Instant | undefined;
}

/**
 * The shard that a key signs. A log keeps its name as long as its key is not retired; the key after it signs another.
 */
export async function findOwnShard(
  directory: string,
  signer: Signer,
  nameNext: (taken: readonly string[]) => string,
): Promise<OwnShard> {
  const bytes = await findFile(join(directory, "trusted_root.json"));
  const logs = bytes ? parseTrustedRoot(parseJson(bytes)).logs : [];
  const retired = await findRetired(join(directory, "keys"));
  const endOf = ({ publicKey, validFor }: TrustedLog): Instant | undefined =>
    validFor.end ?? retired.get(toHex(publicKey.spki));
  const known =
    logs.find(({ publicKey }) => equalBytes(publicKey.spki, signer.publicKey.spki)) ??
    logs.find((log) => endOf(log) === undefined);
  if (known) return { origin: known.origin, start: known.validFor.start };
  const start = startAfter(logs.flatMap((log) => endOf(log) ?? []));
  return { origin: nameNext(logs.map(({ origin }) => origin)), start };
}

function rootBytes(root: TrustedRoot): Bytes {
  return utf8(`${JSON.stringify(formatTrustedRoot(root), null, 2)}\n`);
}

/** The certificates and keys that are to be trusted. */
interface Trusted {
  readonly trustDomain: TrustDomain;
  readonly root: Certificate;
  readonly intermediate: Certificate;
  readonly timestamp: Certificate;
  readonly logSigner: Signer;
  readonly shard: OwnShard;
  readonly keyless: OpenedKeyless;
}

/** The root that trusts them, from the first moment of the directory's own root certificate. */
export function makeTrustedRoot(trusted: Trusted): TrustedRoot {
  const { trustDomain, root, intermediate, timestamp, logSigner, shard, keyless } = trusted;
  const uri = `spiffe://${trustDomain}`;
  const validFor = { start: root.validity.start };
  return {
    authorities: [
      { uri, chain: [intermediate, root], validFor: since(intermediate) },
      {
        uri: keyless.issuerUrl,
        chain: keyless.authority.chain,
        validFor: since(keyless.authority.chain[0] ?? root),
      },
    ],
    timestampAuthorities: [{ uri, signingCertificate: timestamp, chain: [root], validFor: since(timestamp) }],
    logs: [
      {
        origin: shard.origin,
        baseUrl: `https://${shard.origin}`,
        logId: ed25519LogId(nodeCrypto, shard.origin, logSigner.publicKey.spki.slice(-ed25519KeyBytes)),
        publicKey: logSigner.publicKey,
        validFor: { start: shard.start ?? validFor.start },
      },
    ],
    certificateLogs: [
      {
        origin: keyless.certificateLogOrigin,
        baseUrl: `https://${keyless.certificateLogOrigin}`,
        logId: certificateLogId(nodeCrypto, keyless.certificateLogSigner.publicKey),
        publicKey: keyless.certificateLogSigner.publicKey,
        validFor,
      },
    ],
  };
}

function since({ validity }: Certificate): TimeRange {
  return { start: validity.start };
}
