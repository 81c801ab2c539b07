import { canonicalize } from "@tufjs/canonical-json";
import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { makeClock } from "custody/authority/attestor.testing";
import type { TestClock } from "custody/authority/attestor.testing";
import type { Bytes, Signer } from "custody/ground";
import { toHex, utf8 } from "custody/ground";

import { tufKeyId, tufKeyOf } from "../key.ts";
import { roleNames } from "../metadata.ts";
import type { RoleName } from "../metadata.ts";
import { beginTuf, memoryTufRemote, memoryTufTrustStore } from "./index.ts";
import type { TufClientPorts } from "./index.ts";
import { quoteName } from "./quote-name.ts";

export const day = 24 * 3_600_000;

/** Signed members, to be bent freely. */
export type Signed = Record<string, unknown>;

/** A targets role that somebody delegates to, and by whom it is signed. */
interface TestDelegate {
  targets?: Readonly<Record<string, Bytes>>;
  delegations?: Signed;
  /** Else as the version that all have. */
  version?: number;
  signer?: Signer;
}

/** A repository whose maker may do everything wrong, and a client that began with its first root. */
export interface TestRepository {
  readonly ports: TufClientPorts;
  readonly clock: TestClock;
  readonly files: Map<string, Bytes>;
  readonly requests: string[];
  /** What the client trusts, by role. */
  readonly trusted: Map<string, Bytes>;
  /** Who signs for each role. */
  readonly signers: Record<RoleName, Signer[]>;
  readonly thresholds: Record<RoleName, number>;
  readonly delegates: Map<string, TestDelegate>;
  /** The versions of what is published next. */
  readonly versions: Record<RoleName, number>;
  isConsistent: boolean;
  targets: TestDelegate;
  /** Whether the file of other metadata is named with its length and hash. */
  hasHashes: boolean;
  /** Changes what is signed, before it is. */
  bend: (role: string, signed: Signed) => void;
  /** Puts the next root, signed by these besides its own keys. */
  publishRoot(also?: readonly Signer[]): Promise<void>;
  /** Puts targets, snapshot and timestamp in their versions. */
  publish(): Promise<void>;
  /** As `publish`, all of it one version on. */
  publishNext(): Promise<void>;
}

/** Metadata of any content, signed by these. */
async function signAny(signed: Signed, signers: readonly Signer[]): Promise<Bytes> {
  const message = utf8(canonicalize(signed));
  const signatures = await Promise.all(
    signers.map(async (signer) => ({ keyid: idOf(signer), sig: toHex(await signer.sign(message)) })),
  );
  return utf8(JSON.stringify({ signatures, signed }));
}

function idOf({ publicKey }: Signer): string {
  return tufKeyId(nodeCrypto, tufKeyOf(publicKey));
}

/** Keys by their ids, as metadata list them. */
export function keysOf(signers: readonly Signer[]): Signed {
  return Object.fromEntries(signers.map((signer) => [idOf(signer), tufKeyOf(signer.publicKey)]));
}

/** What delegates to one role. */
export function delegateTo(name: string, signer: Signer, members: Signed = { paths: ["*"] }): Signed {
  return { name, keyids: [idOf(signer)], threshold: 1, terminating: false, ...members };
}

function fileOf(bytes: Bytes): Signed {
  return { length: bytes.length, hashes: { sha256: toHex(nodeCrypto.sha256(bytes)) } };
}

export async function makeRepository(clock = makeClock()): Promise<TestRepository> {
  const signer = (): Promise<Signer> => generateSigner("ed25519");
  const [root, targets, snapshot, timestamp] = await Promise.all([signer(), signer(), signer(), signer()]);
  const files = new Map<string, Bytes>();
  const [store, remote] = [memoryTufTrustStore(), memoryTufRemote(files)];
  const repository: TestRepository = {
    ports: { crypto: nodeCrypto, clock, store, remote },
    clock,
    files,
    requests: remote.requests,
    trusted: store.roles,
    signers: { root: [root], targets: [targets], snapshot: [snapshot], timestamp: [timestamp] },
    thresholds: { root: 1, targets: 1, snapshot: 1, timestamp: 1 },
    delegates: new Map(),
    versions: { root: 0, targets: 1, snapshot: 1, timestamp: 1 },
    isConsistent: true,
    targets: { targets: { "a.txt": utf8("what a says") } },
    hasHashes: true,
    bend: () => undefined,
    publishRoot: (also) => publishRoot(repository, also),
    publish: () => publish(repository),
    async publishNext() {
      for (const role of ["targets", "snapshot", "timestamp"] as const) repository.versions[role]++;
      await publish(repository);
    },
  };
  await repository.publishRoot();
  await repository.publish();
  await beginTuf(repository.ports, files.get("1.root.json") ?? utf8(""));
  return repository;
}

/** What every role signs; all ends ten days on. */
function commonOf({ clock }: TestRepository, type: string, version: number): Signed {
  const expires = new Date(clock.now() + 10 * day).toISOString().replace(/\.\d+Z$/, "Z");
  return { _type: type, spec_version: "1.0.31", version, expires };
}

async function publishRoot(repository: TestRepository, also: readonly Signer[] = []): Promise<void> {
  const { signers, thresholds, isConsistent, versions } = repository;
  const roles = roleNames.map((role) => [
    role,
    { keyids: signers[role].map(idOf), threshold: thresholds[role] },
  ]);
  const signed = {
    ...commonOf(repository, "root", ++versions.root),
    consistent_snapshot: isConsistent,
    keys: keysOf(Object.values(signers).flat()),
    roles: Object.fromEntries(roles) as Signed,
  };
  await put(repository, { role: "root", name: `${versions.root}.root.json`, signed }, [
    ...new Set([...signers.root, ...also]),
  ]);
}

async function publish(repository: TestRepository): Promise<void> {
  const { signers, versions, delegates, targets } = repository;
  const meta: Signed = {};
  for (const [role, delegate] of [["targets", targets] as const, ...delegates]) {
    const version = delegate.version ?? versions.targets;
    const signed = { ...commonOf(repository, "targets", version), ...contentOf(repository, delegate) };
    const by = delegate.signer ?? signers.targets[0];
    const bytes = await put(repository, { role, name: nameOf(repository, role, version), signed }, [
      ...(role === "targets" ? signers.targets : by ? [by] : []),
    ]);
    meta[`${role}.json`] = metaOf(repository, bytes, version);
  }
  const snapshot = await put(
    repository,
    {
      role: "snapshot",
      name: nameOf(repository, "snapshot", versions.snapshot),
      signed: { ...commonOf(repository, "snapshot", versions.snapshot), meta },
    },
    signers.snapshot,
  );
  const named = { "snapshot.json": metaOf(repository, snapshot, versions.snapshot) };
  const signed = { ...commonOf(repository, "timestamp", versions.timestamp), meta: named };
  await put(repository, { role: "timestamp", name: "timestamp.json", signed }, signers.timestamp);
}

function contentOf(
  { files, isConsistent }: TestRepository,
  { targets = {}, delegations }: TestDelegate,
): Signed {
  const described: Signed = {};
  for (const [path, bytes] of Object.entries(targets)) {
    described[path] = fileOf(bytes);
    const segments = path.split("/");
    const last = segments.pop() ?? "";
    const prefix = isConsistent ? `${toHex(nodeCrypto.sha256(bytes))}.` : "";
    files.set(["targets", ...segments, `${prefix}${last}`].join("/"), bytes);
  }
  return { targets: described, ...(delegations ? { delegations } : {}) };
}

function metaOf({ hasHashes }: TestRepository, bytes: Bytes, version: number): Signed {
  return { version, ...(hasHashes ? fileOf(bytes) : {}) };
}

function nameOf({ isConsistent }: TestRepository, role: string, version: number): string {
  return `${isConsistent ? `${version}.` : ""}${quoteName(role)}.json`;
}

async function put(
  { files, bend }: TestRepository,
  { role, name, signed }: { readonly role: string; readonly name: string; readonly signed: Signed },
  signers: readonly Signer[],
): Promise<Bytes> {
  bend(role, signed);
  const bytes = await signAny(signed, signers);
  files.set(name, bytes);
  return bytes;
}
