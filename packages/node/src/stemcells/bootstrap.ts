import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { nodeCrypto } from "@custody/node/crypto";
import { runCommand } from "@custody/node/host";
import type { Digest } from "custody/ground";
import { digestOf } from "custody/ground";

import { readAptSources } from "./apt-sources.ts";
import { rootPath } from "./bootstrap-places.ts";
import { stemcellFault } from "./faults.ts";
import type { InstalledPackage } from "./package-list.ts";
import { dpkgFormat, findPinDifferences, parsePackageList } from "./package-list.ts";
import type { Recipe } from "./recipe.ts";
import { sourceDateEpoch } from "./recipe.ts";

/** A signed index of the archive that packages came from; which mirror served it does not matter and is not recorded. */
export interface ArchiveRelease {
  readonly suite: string;
  /** As the index says: RFC 5322 date-time. */
  readonly date: string;
  /** Of the index's `InRelease` file. */
  readonly digest: Digest;
}

export interface Bootstrapped {
  readonly packages: readonly InstalledPackage[];
  readonly releases: readonly ArchiveRelease[];
}

/** Who hears of a build, and what breaks it off. */
export interface BootstrapOptions {
  readonly onProgress: (message: string) => void;
  readonly signal: AbortSignal;
}

// The same file beside this one, as source or as built.
const program = import.meta.filename.replace(/bootstrap(\.[jt]s)$/, "bootstrap-program$1");
const timeoutSeconds = 1200;
const maxIndexBytes = 64 * 1024 * 1024;

/** What runs inside mmdebstrap, with the new root as `$1`, before it removes its indexes. */
const hooks = {
  pin: 'if [ -s "$CUSTODY_OUT/pin" ]; then cp "$CUSTODY_OUT/pin" "$1/etc/apt/preferences.d/custody-pin"; fi',
  packages:
    'dpkg-query --admindir="$1/var/lib/dpkg" --show --showformat="$CUSTODY_FORMAT" > "$CUSTODY_OUT/packages"',
  index:
    'cut -f 1-3 "$CUSTODY_OUT/packages" | sed -E "s/^(.*)\\t(.*)\\t(.*)$/\\1:\\3=\\2/; s/:all=/=/" | ' +
    'APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" xargs apt-cache show > "$CUSTODY_OUT/index"',
  releases: 'cp "$1"/var/lib/apt/lists/*_InRelease "$CUSTODY_OUT/releases/"',
};

/**
 * Makes a Debian root file system with mmdebstrap, from the host's own apt sources, and packs it into
 * `directory`/kept/stemcell.tar. It happens in namespaces of its own (see bootstrap-program.ts): whatever ends it, no
 * mount and no process of it is left.
 *
 * @throws CustodyError `stemcell/build-failed`, `stemcell/closed`, `stemcell/pin-unavailable`, `stemcell/no-source`.
 */
export async function bootstrap(
  recipe: Recipe,
  directory: string,
  { onProgress, signal }: BootstrapOptions,
): Promise<Bootstrapped> {
  await mkdir(join(directory, "releases"));
  await writeFile(join(directory, "apt.sources"), await readAptSources(recipe.suite));
  await writeFile(join(directory, "pin"), formatPreferences(recipe.pin ?? []));
  await runBootstrap(recipe, directory, { onProgress, signal });
  const packages = parsePackageList(await readOut(directory, "packages"), await readOut(directory, "index"));
  if (recipe.pin !== undefined) checkPin(recipe.pin, packages);
  return { packages, releases: await readReleases(join(directory, "releases")) };
}

async function runBootstrap(
  recipe: Recipe,
  directory: string,
  { onProgress, signal }: BootstrapOptions,
): Promise<void> {
  const apart = ["--pdeathsig", "SIGKILL", "unshare", "--mount", "--propagation", "private"];
  const processes = ["--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"];
  const result = await runCommand(
    ["setpriv", ...apart, ...processes, process.execPath, program, ...argumentsFor(recipe, directory)],
    {
      env: { SOURCE_DATE_EPOCH: `${sourceDateEpoch}`, CUSTODY_OUT: directory, CUSTODY_FORMAT: dpkgFormat },
      workingDirectory: "/",
      timeoutSeconds,
      signal,
      onLine: (line) => tellProgress(line, onProgress),
    },
  );
  if (signal.aborted) throw stemcellFault("stemcell/closed", "the build was broken off");
  if (result.exitCode !== 0) throw buildFault(recipe, result.stderr);
}

function argumentsFor(recipe: Recipe, directory: string): string[] {
  const packages = [...new Set(recipe.packages)].sort();
  return [
    "--mode=root",
    "--variant=essential",
    "--format=directory",
    ...(packages.length > 0 ? [`--include=${packages.join(",")}`] : []),
    "--dpkgopt=force-unsafe-io",
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
    `--setup-hook=${hooks.pin}`,
    `--customize-hook=${hooks.packages}`,
    `--customize-hook=${hooks.index}`,
    `--customize-hook=${hooks.releases}`,
    recipe.suite,
    join(directory, rootPath),
    join(directory, "apt.sources"),
  ];
}

// mmdebstrap marks what it is doing with "I: "; the rest is apt's and dpkg's own, and how it calls them is for nobody.
function tellProgress(line: string, onProgress: (message: string) => void): void {
  const [, message] =
    /^I: ((?:installing|extracting|downloading|packing|running apt-get update)\b[^/]*)$/.exec(line) ?? [];
  if (message !== undefined) onProgress(message.trim().replace(/\.{3}$/, ""));
}

/** Preferences (apt_preferences(5)) under which apt takes exactly these versions, downgrades included. */
function formatPreferences(pin: NonNullable<Recipe["pin"]>): string {
  const stanzas = pin.map(
    ({ name, version }) => `Package: ${name}\nPin: version ${version}\nPin-Priority: 1001\n`,
  );
  return stanzas.join("\n");
}

function checkPin(pin: NonNullable<Recipe["pin"]>, packages: readonly InstalledPackage[]): void {
  const differences = findPinDifferences(pin, packages);
  if (differences.length === 0) return;
  throw stemcellFault(
    "stemcell/pin-unavailable",
    `the archive no longer gives ${differences.slice(0, 10).join(", ")}`,
    {
      next: "build without the pin and pin the result, or add an archive snapshot to the host's apt sources",
      details: { differences },
    },
  );
}

async function readReleases(directory: string): Promise<ArchiveRelease[]> {
  const names = await readdir(directory);
  const releases = await Promise.all(names.map((name) => readRelease(join(directory, name))));
  return releases.sort((a, b) => (a.suite < b.suite ? -1 : 1));
}

async function readRelease(path: string): Promise<ArchiveRelease> {
  const bytes = await readFile(path);
  const text = bytes.toString("utf8");
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(text)?.[1] ?? "";
  return { suite: field("Codename"), date: field("Date"), digest: digestOf(nodeCrypto, bytes) };
}

async function readOut(directory: string, name: string): Promise<string> {
  const bytes = await readFile(join(directory, name));
  if (bytes.length > maxIndexBytes)
    throw stemcellFault("stemcell/package-list", `the list "${name}" is too large`);
  return bytes.toString("utf8");
}

function buildFault(recipe: Recipe, stderr: string): Error {
  const errors = stderr.split("\n").filter((line) => /^E:|Unable to|unmet dependencies/.test(line.trim()));
  return stemcellFault(
    "stemcell/build-failed",
    `mmdebstrap failed: ${errors.slice(0, 5).join(" | ").slice(0, 800)}`,
    {
      subject: recipe.suite,
      next: "check the names of the packages, and that apt-get update works on this host",
    },
  );
}
