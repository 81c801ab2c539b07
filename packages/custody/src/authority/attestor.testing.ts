import { randomBytes } from "node:crypto";

import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { ed25519LogId } from "custody/evidence";
import type { Certificate, Statement, TrustedRoot } from "custody/evidence";
import type { Bytes, Clock, Instant, Signer } from "custody/ground";
import { instantOf } from "custody/ground";
import { leafHash, nodeHash } from "custody/merkle";
import { formatCheckpoint, signNote } from "custody/note";
import type { SpiffeId, TrustDomain } from "custody/spiffe";
import { parseTrustDomain } from "custody/spiffe";

import {
  attest,
  certifyIntermediate,
  certifyKeylessIntermediate,
  certifyTimestampKey,
  createKeylessRoot,
  createRoot,
} from "./index.ts";
import type {
  AppendPort,
  Authorities,
  AuthorityPorts,
  AttestorPorts,
  IssuedAttestation,
  Issuer,
} from "./index.ts";

/** A clock that tests move. */
export interface TestClock extends Clock {
  now(): Instant;
  set(milliseconds: number): void;
}

export function makeClock(start = Date.UTC(2026, 0, 2)): TestClock {
  let time = start;
  return {
    now: () => instantOf(time),
    set: (milliseconds) => {
      time = milliseconds;
    },
  };
}

/** A trust domain with real keys and a log in memory. */
export interface TestTrust {
  readonly ports: AttestorPorts;
  readonly authorities: Authorities;
  readonly clock: TestClock;
  readonly logSigner: Signer;
  readonly root: Issuer;
  /** Trusted for whoever is of no trust domain. */
  readonly keyless: Issuer;
  attest(identity: SpiffeId, statement: Statement): Promise<IssuedAttestation>;
}

export async function makeTrust(
  trustDomain: TrustDomain = parseTrustDomain("example.org"),
  clock: TestClock = makeClock(),
): Promise<TestTrust> {
  const base = {
    crypto: nodeCrypto,
    clock,
    random: { bytes: (count: number): Bytes => new Uint8Array(randomBytes(count)) },
  };
  const newSigner = (): Promise<Signer> => generateSigner("ecdsa-p256-sha256");
  const [rootSigner, signer, timestampSigner] = await Promise.all([newSigner(), newSigner(), newSigner()]);
  const logSigner = await generateSigner("ed25519");
  const root = { certificate: await createRoot(base, trustDomain, rootSigner), signer: rootSigner };
  const intermediate = {
    certificate: await certifyIntermediate(base, root, { trustDomain, publicKey: signer.publicKey }),
    signer,
  };
  const timestamp = {
    certificate: await certifyTimestampKey(base, root, { trustDomain, publicKey: timestampSigner.publicKey }),
    signer: timestampSigner,
  };
  const [keylessRoot, keyless] = await makeKeyless(base, trustDomain);
  const trustedRoot = makeTrustedRoot({
    trustDomain,
    keylessChain: [keyless.certificate, keylessRoot],
    root,
    intermediate,
    timestamp,
    logSigner,
    start: clock.now(),
  });
  const authorities = { trustDomain, intermediate, timestamp, trustedRoot };
  const ports = {
    ...base,
    keys: { generate: newSigner },
    log: makeMemoryLog(`${trustDomain}/log`, logSigner),
  };
  return {
    ports,
    authorities,
    clock,
    logSigner,
    root,
    keyless,
    attest: (identity, statement) => attest(ports, authorities, identity, statement),
  };
}

async function makeKeyless(
  base: AuthorityPorts,
  trustDomain: TrustDomain,
): Promise<[root: Certificate, issuer: Issuer]> {
  const [rootSigner, signer] = [
    await generateSigner("ecdsa-p256-sha256"),
    await generateSigner("ecdsa-p256-sha256"),
  ];
  const certificate = await createKeylessRoot(base, trustDomain, rootSigner);
  const request = { trustDomain, publicKey: signer.publicKey };
  const issuing = await certifyKeylessIntermediate(base, { certificate, signer: rootSigner }, request);
  return [certificate, { certificate: issuing, signer }];
}

interface TrustedKeys {
  readonly keylessChain: readonly Certificate[];
  readonly trustDomain: TrustDomain;
  readonly root: Issuer;
  readonly intermediate: Issuer;
  readonly timestamp: Issuer;
  readonly logSigner: Signer;
  readonly start: Instant;
}

function makeTrustedRoot({
  keylessChain,
  trustDomain,
  root,
  intermediate,
  timestamp,
  logSigner,
  start,
}: TrustedKeys): TrustedRoot {
  const validFor = { start: instantOf(start - 60_000) };
  const origin = `${trustDomain}/log`;
  const uri = `spiffe://${trustDomain}`;
  return {
    authorities: [
      { uri, chain: [intermediate.certificate, root.certificate], validFor },
      { uri: `https://${trustDomain}`, chain: keylessChain, validFor },
    ],
    timestampAuthorities: [
      { uri, signingCertificate: timestamp.certificate, chain: [root.certificate], validFor },
    ],
    logs: [
      {
        origin,
        baseUrl: `https://${origin}`,
        logId: ed25519LogId(nodeCrypto, origin, logSigner.publicKey.spki.slice(-32)),
        publicKey: logSigner.publicKey,
        validFor,
      },
    ],
    certificateLogs: [],
  };
}

/** RFC 6962 by its definitions: slow, and the oracle for the real log. */
export function makeMemoryLog(origin: string, signer: Signer): AppendPort {
  const leaves: Bytes[] = [];
  const root = (hashes: readonly Bytes[]): Bytes => {
    const k = splitOf(hashes.length);
    return hashes[0] && hashes.length === 1
      ? hashes[0]
      : nodeHash(nodeCrypto, root(hashes.slice(0, k)), root(hashes.slice(k)));
  };
  const path = (index: number, hashes: readonly Bytes[]): Bytes[] => {
    if (hashes.length <= 1) return [];
    const k = splitOf(hashes.length);
    return index < k
      ? [...path(index, hashes.slice(0, k)), root(hashes.slice(k))]
      : [...path(index - k, hashes.slice(k)), root(hashes.slice(0, k))];
  };
  return {
    async append(entry) {
      leaves.push(leafHash(nodeCrypto, entry));
      const [index, size, rootHash] = [leaves.length - 1, leaves.length, root(leaves)];
      const text = formatCheckpoint({ origin, size, rootHash, extensions: [] });
      const checkpoint = await signNote(nodeCrypto, origin, signer, text);
      return { index, treeSize: size, rootHash, hashes: path(index, [...leaves]), checkpoint, entry };
    },
  };
}

function splitOf(count: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(count)) - 1);
}
