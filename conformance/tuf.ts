import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";

import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { CustodyError, equalBytes, instantOf } from "custody/ground";
import type { Bytes, Instant } from "custody/ground";
import {
  beginTuf,
  createTufRoot,
  fetchTufTarget,
  findTufTarget,
  memoryTufRemote,
  memoryTufTrustStore,
  parseForeignMetadata,
  refreshTuf,
} from "custody/tuf";

import type { VectorOutcome } from "./vector-outcome.ts";
import { judgeVector } from "./vector-outcome.ts";

/** A static repository, as tuf-conformance keeps them: all of its files, and what is to come of them when. */
interface StaticRepository {
  readonly initialRoot: Bytes;
  /** Metadata by name; targets below `targets/`. */
  readonly files: ReadonlyMap<string, Bytes>;
  readonly at: Instant;
  readonly targetPath: string | undefined;
}

/** What a client came to trust: the metadata, by role, and the target. */
interface Seen {
  readonly roles: ReadonlyMap<string, Bytes>;
  readonly asked: readonly string[];
  readonly target: Bytes | undefined;
}

/** Flipped in each file, spread over all of it. */
const flips = 64;
const longAfter = instantOf(Date.UTC(2999, 0));

/**
 * Runs over a static repository, or a folder of them: each is followed from its first root to its target, and is refused
 * when anything is changed.
 */
export async function runTufVectors(directory: string): Promise<readonly VectorOutcome[]> {
  const outcomes: VectorOutcome[] = [];
  for (const folder of ["", ...globSync("*/", { cwd: directory }).toSorted()]) {
    const path = resolve(directory, folder);
    if (!existsSync(join(path, "initial_root.json"))) continue;
    outcomes.push(...(await runRepository(basename(path), readRepository(path))));
  }
  return outcomes;
}

async function runRepository(name: string, repository: StaticRepository): Promise<readonly VectorOutcome[]> {
  const seen = await follow(repository).catch(() => undefined);
  const files = (seen?.asked ?? []).filter((file) => repository.files.has(file));
  const cases: readonly (readonly [string, () => Promise<void>])[] = [
    ["is followed from its first root", async () => void (await follow(repository))],
    [`its target ${repository.targetPath ?? ""} is downloaded`, () => demandTarget(repository)],
    ["is refused past its end", () => demandRefusal({ ...repository, at: longAfter }, "tuf/expired")],
    ["is refused to whom trusts another root", () => demandForeignRefusal(repository)],
    ["its first root is refused with a byte flipped", () => demandFlipsRefused(repository, undefined)],
    ...files.flatMap((file) => [
      [`${file} is refused with a byte flipped`, () => demandFlipsRefused(repository, file)] as const,
      ...(file.endsWith(".root.json")
        ? []
        : [[`${file} is refused when it is not there`, () => demandPresence(repository, file)] as const]),
    ]),
  ];
  const outcomes: VectorOutcome[] = [];
  for (const [what, run] of cases) outcomes.push(await judgeVector(`${name}: ${what}`, run));
  return outcomes;
}

function readRepository(path: string): StaticRepository {
  const text = (file: string): string | undefined =>
    existsSync(join(path, file)) ? readFileSync(join(path, file), "utf8").trim() : undefined;
  const all = (folder: string, prefix: string) =>
    globSync("**/*", { cwd: join(path, folder), withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [prefix + file.slice(join(path, folder).length + 1), readBytes(file)] as const);
  return {
    initialRoot: readBytes(join(path, "initial_root.json")),
    files: new Map([...all("metadata", ""), ...all("targets", "targets/")]),
    at: instantOf(Date.parse(text("faketime")?.replace(" ", "T") ?? new Date().toISOString())),
    targetPath: text("targetpath"),
  };
}

function readBytes(path: string): Bytes {
  return new Uint8Array(readFileSync(path));
}

/** A new client's way from the first root to the target. @throws CustodyError `tuf/…` */
async function follow({ initialRoot, files, at, targetPath }: StaticRepository): Promise<Seen> {
  const [store, remote] = [memoryTufTrustStore(), memoryTufRemote(files)];
  const ports = { crypto: nodeCrypto, clock: { now: () => at }, store, remote };
  await beginTuf(ports, initialRoot);
  const view = await refreshTuf(ports);
  const found = targetPath === undefined ? undefined : await findTufTarget(ports, view, targetPath);
  const target = found && (await fetchTufTarget(ports, view, found));
  return { roles: store.roles, asked: remote.requests, target };
}

async function demandTarget(repository: StaticRepository): Promise<void> {
  if (repository.targetPath === undefined) return;
  const { target, asked } = await follow(repository);
  const published = repository.files.get(asked.at(-1) ?? "");
  if (!target || !published || !equalBytes(target, published)) throw new Error("it is not what is published");
}

async function demandRefusal(repository: StaticRepository, code: string): Promise<void> {
  const refusal = await findRefusal(repository);
  if (refusal !== code) throw new Error(`it ends with ${refusal ?? "yes"}, not ${code}`);
}

/** The code of what it is refused for; undefined when it is taken. Anything else that is thrown is a failure. */
async function findRefusal(repository: StaticRepository): Promise<string | undefined> {
  try {
    await follow(repository);
    return undefined;
  } catch (error) {
    if (error instanceof CustodyError && error.code.startsWith("tuf/")) return error.code;
    throw error;
  }
}

async function demandForeignRefusal(repository: StaticRepository): Promise<void> {
  const [own, online] = [await generateSigner("ed25519"), await generateSigner("ed25519")];
  const clock = { now: () => repository.at };
  const { bytes } = await createTufRoot({ crypto: nodeCrypto, clock }, own, online, 365);
  if ((await findRefusal({ ...repository, initialRoot: bytes })) === undefined)
    throw new Error("it is taken");
}

async function demandPresence(repository: StaticRepository, file: string): Promise<void> {
  const files = new Map(repository.files);
  files.delete(file);
  await demandRefusal({ ...repository, files }, "tuf/missing");
}

/** A flip is refused, or is in what nobody signed: all that is signed, and the target, stay what they were. */
async function demandFlipsRefused(repository: StaticRepository, file: string | undefined): Promise<void> {
  const good = file === undefined ? repository.initialRoot : repository.files.get(file);
  const honest = await follow(repository);
  if (!good) throw new Error("there is no such file");
  let refused = 0;
  for (let i = 0; i < flips; i++) {
    const at = Math.floor((i * good.length) / flips);
    const bytes = good.with(at, (good[at] ?? 0) ^ (1 << (i % 8)));
    const flipped =
      file === undefined
        ? { ...repository, initialRoot: bytes }
        : { ...repository, files: new Map([...repository.files, [file, bytes]]) };
    if ((await findRefusal(flipped)) !== undefined) refused++;
    else if (!isSame(honest, await follow(flipped))) throw new Error(`byte ${at} may be flipped`);
  }
  if (refused === 0) throw new Error("every byte may be flipped");
}

function isSame(one: Seen, other: Seen): boolean {
  const isSameTarget = equalBytes(one.target ?? new Uint8Array(), other.target ?? new Uint8Array());
  return (
    isSameTarget &&
    [...one.roles].every(([role, bytes]) => {
      const now = other.roles.get(role);
      return now !== undefined && equalBytes(signedBytesOf(role, bytes), signedBytesOf(role, now));
    })
  );
}

function signedBytesOf(role: string, bytes: Bytes): Bytes {
  const kinds = ["root", "timestamp", "snapshot"] as const;
  return parseForeignMetadata(bytes, kinds.find((kind) => kind === role) ?? "targets").signedBytes;
}
