import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import { makeDirectory, replaceFile, syncDirectory } from "@custody/node/files";
import { runCommandOrThrow } from "@custody/node/host";
import { findStats } from "@custody/node/trees";
import type { Digest } from "custody/ground";
import { canonicalJson, formatDigest, hexOf, parseJson } from "custody/ground";

import { archiveName, keptPlace } from "./bootstrap-places.ts";
import { bootstrap } from "./bootstrap.ts";
import type { BootstrapOptions } from "./bootstrap.ts";
import { findPinDifferences } from "./package-list.ts";
import type { Recipe } from "./recipe.ts";
import { checkRecipe, recipeDigest, sourceDateEpoch } from "./recipe.ts";
import { formatSpdx } from "./spdx.ts";
import type { Stemcell, StemcellRecord } from "./stemcell.ts";

/** Told what is going on; a build takes some ten seconds, or minutes with many packages. */
export type StemcellObserver = (event: { readonly kind: "progress"; readonly message: string }) => void;

const stagingPrefix = "staging-";
const recordName = "stemcell.json";

/**
 * Stemcells by recipe, built when first asked for and kept. One process owns the directory.
 *
 * A stemcell appears under its recipe's digest only when all of it is there and on disk; what a killed process leaves
 * half done is never used, and removed by the next {@link open}.
 */
export class StemcellStore {
  readonly #directory: string;
  readonly #underWay = new Map<Digest, BuildUnderWay>();
  readonly #checked = new Set<Digest>();
  readonly #closing = new AbortController();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async open(directory: string): Promise<StemcellStore> {
    await makeDirectory(directory, 0o700);
    const left = (await readdir(directory)).filter((name) => name.startsWith(stagingPrefix));
    for (const name of left) await rm(join(directory, name), { recursive: true, force: true });
    return new StemcellStore(directory);
  }

  /**
   * The stemcell of a recipe, built once for all that ask at the same time. What is kept is hashed again when this
   * process first uses it, and built anew when it is not what it was.
   *
   * @throws CustodyError `stemcell/…`.
   */
  async build(recipe: Recipe, observer: StemcellObserver = () => undefined): Promise<Stemcell> {
    checkRecipe(recipe);
    const digest = recipeDigest(recipe, await findArchitecture());
    const underWay = this.#underWay.get(digest);
    if (underWay !== undefined) {
      underWay.observers.add(observer);
      return underWay.work;
    }
    const observers = new Set([observer]);
    const tellAll: StemcellObserver = (event) => observers.forEach((one) => one(event));
    const work = this.#findOrBuild(recipe, digest, tellAll).finally(() => this.#underWay.delete(digest));
    this.#underWay.set(digest, { work, observers });
    return work;
  }

  /** Breaks off the builds under way (`stemcell/closed`); nothing of them is left. */
  close(): void {
    this.#closing.abort();
  }

  async #findOrBuild(recipe: Recipe, digest: Digest, observer: StemcellObserver): Promise<Stemcell> {
    const place = join(this.#directory, hexOf(digest));
    const found = await this.#findChecked(place, digest);
    if (found !== undefined) return found;
    const unpinned = await this.#findUnpinned(recipe);
    if (unpinned !== undefined) return unpinned;
    await rm(place, { recursive: true, force: true });
    const staged = join(this.#directory, `${stagingPrefix}${randomUUID()}`);
    await mkdir(join(staged, keptPlace), { recursive: true, mode: 0o700 });
    try {
      const onProgress = (message: string): void => observer({ kind: "progress", message });
      await buildInto(staged, recipe, digest, { onProgress, signal: this.#closing.signal });
      await rename(join(staged, keptPlace), place);
      await syncDirectory(this.#directory);
    } finally {
      await rm(staged, { recursive: true, force: true });
    }
    this.#checked.add(digest);
    return loadStemcell(place);
  }

  // A stemcell that was built without the pin, of just the packages that the pin names, is the one that is wanted.
  async #findUnpinned({ pin, ...free }: Recipe): Promise<Stemcell | undefined> {
    if (pin === undefined) return undefined;
    const digest = recipeDigest(free, await findArchitecture());
    const found = await this.#findChecked(join(this.#directory, hexOf(digest)), digest);
    return found && findPinDifferences(pin, found.packages).length === 0 ? found : undefined;
  }

  async #findChecked(place: string, digest: Digest): Promise<Stemcell | undefined> {
    if ((await findStats(place)) === undefined) return undefined;
    const stemcell = await loadStemcell(place).catch(() => undefined);
    if (stemcell === undefined || this.#checked.has(digest)) return stemcell;
    if ((await hashFile(stemcell.path)) !== stemcell.digest) return undefined;
    this.#checked.add(digest);
    return stemcell;
  }
}

/** Everyone who asks for a stemcell while it is built hears how far it is. */
interface BuildUnderWay {
  readonly work: Promise<Stemcell>;
  readonly observers: Set<StemcellObserver>;
}

async function buildInto(
  staged: string,
  recipe: Recipe,
  digest: Digest,
  options: BootstrapOptions,
): Promise<void> {
  const { packages, releases } = await bootstrap(recipe, staged, options);
  const archive = join(staged, keptPlace, archiveName);
  const record: StemcellRecord = {
    suite: recipe.suite,
    requested: [...new Set(recipe.packages)].sort(),
    digest: await hashFile(archive),
    sizeBytes: (await stat(archive)).size,
    packages,
    releases,
    recipeDigest: digest,
    sourceDateEpoch,
  };
  await replaceFile(join(staged, keptPlace, recordName), canonicalJson(record));
}

async function loadStemcell(place: string): Promise<Stemcell> {
  // Written by this class and put in place as a whole: what is read is what was written.
  const record = parseJson(await readFile(join(place, recordName))) as unknown as StemcellRecord;
  const path = join(place, archiveName);
  return { ...record, path, open: () => createReadStream(path), sbom: formatSpdx(record) };
}

async function hashFile(path: string): Promise<Digest> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return formatDigest(hash.digest());
}

async function findArchitecture(): Promise<string> {
  return (await runCommandOrThrow(["dpkg", "--print-architecture"])).trim();
}
