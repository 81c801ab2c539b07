import { join } from "node:path";

import { nodeCrypto } from "@custody/node/crypto";
import { replaceFile } from "@custody/node/files";
import type { Certificate, TrustedRoot } from "custody/evidence";
import { ed25519LogId, formatTrustedRoot, parseTrustedRoot } from "custody/evidence";
import { certificateLogId } from "custody/fulcio";
import type { Bytes, Signer } from "custody/ground";
import { parseJson, toHex, utf8 } from "custody/ground";
import type { TrustDomain } from "custody/spiffe";

import { findFile, keepFile } from "./key-folder.ts";
import type { OpenedKeyless } from "./keyless-files.ts";

const ed25519KeyBytes = 32;

/**
 * The directory's `trusted_root.json`, made on first start. What a directory of an older release does not name yet is added,
 * and nothing of what it names is taken away.
 */
export async function openTrustedRoot(directory: string, own: TrustedRoot): Promise<TrustedRoot> {
  const path = join(directory, "trusted_root.json");
  const found = parseTrustedRoot(parseJson((await findFile(path)) ?? (await keepFile(path, rootBytes(own)))));
  const whole = {
    ...found,
    authorities: joined(found.authorities, own.authorities, ({ chain }) => chain[0]?.der),
    certificateLogs: joined(found.certificateLogs, own.certificateLogs, ({ logId }) => logId),
  };
  const isWhole =
    whole.authorities.length === found.authorities.length &&
    whole.certificateLogs.length === found.certificateLogs.length;
  if (!isWhole) await replaceFile(path, rootBytes(whole));
  return whole;
}

/**
 * The name under which the directory's log signs, once it has one: a log keeps its name. New ones are named by a host
 * alone, because clients take the host of a log's URL for its name.
 */
export async function findLogOrigin(directory: string): Promise<string | undefined> {
  const found = await findFile(join(directory, "trusted_root.json"));
  return found && parseTrustedRoot(parseJson(found)).logs[0]?.origin;
}

function rootBytes(root: TrustedRoot): Bytes {
  return utf8(`${JSON.stringify(formatTrustedRoot(root), null, 2)}\n`);
}

function joined<T>(
  found: readonly T[],
  own: readonly T[],
  idOf: (member: T) => Bytes | undefined,
): readonly T[] {
  const known = new Set(found.map((member) => toHex(idOf(member) ?? new Uint8Array())));
  return [...found, ...own.filter((member) => !known.has(toHex(idOf(member) ?? new Uint8Array())))];
}

/** The certificates and keys that are to be trusted. */
interface Trusted {
  readonly trustDomain: TrustDomain;
  readonly root: Certificate;
  readonly intermediate: Certificate;
  readonly timestamp: Certificate;
  readonly logSigner: Signer;
  readonly logOrigin: string;
  readonly keyless: OpenedKeyless;
}

/** The root that trusts them, from the first moment of the directory's own root certificate. */
export function makeTrustedRoot(trusted: Trusted): TrustedRoot {
  const { trustDomain, root, intermediate, timestamp, logSigner, logOrigin, keyless } = trusted;
  const uri = `spiffe://${trustDomain}`;
  const validFor = { start: root.validity.start };
  return {
    authorities: [
      { uri, chain: [intermediate, root], validFor },
      { uri: keyless.issuerUrl, chain: keyless.authority.chain, validFor },
    ],
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
