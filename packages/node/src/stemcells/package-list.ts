import { stemcellFault } from "./faults.ts";
import type { PinnedPackage } from "./recipe.ts";

/** One Debian package that is installed in a stemcell. */
export interface InstalledPackage extends PinnedPackage {
  /** The source package it was built from. */
  readonly source: string;
  /** Of the .deb it came in, 64 hexadecimal digits, as the signed index of the archive says. */
  readonly sha256: string;
}

/** dpkg-query's format for {@link parsePackageList}. */
export const dpkgFormat = "${Package}\\t${Version}\\t${Architecture}\\t${source:Package}\\n";

/**
 * The packages that dpkg says are installed, with the digests that the archive's index gives them, sorted by name.
 *
 * @param dpkg dpkg-query's output in {@link dpkgFormat}.
 * @param index the packages' stanzas as `apt-cache show` prints them.
 * @throws CustodyError `stemcell/package-list` for a package that the index does not have.
 */
export function parsePackageList(dpkg: string, index: string): InstalledPackage[] {
  const digests = parseDigests(index);
  const lines = dpkg.split("\n").filter((line) => line !== "");
  return lines.map((line) => parsePackage(line, digests)).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function parsePackage(line: string, digests: ReadonlyMap<string, string>): InstalledPackage {
  const [name = "", version = "", architecture = "", source = ""] = line.split("\t");
  const found = { name, version, architecture };
  const sha256 = digests.get(keyOf(found));
  if (sha256 === undefined || source === "") {
    throw stemcellFault("stemcell/package-list", `the archive's index has no package ${keyOf(found)}`, {
      subject: name,
    });
  }
  return { ...found, source, sha256 };
}

function parseDigests(index: string): Map<string, string> {
  const digests = new Map<string, string>();
  for (const stanza of index.split(/\n\n+/)) {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(stanza)?.[1] ?? "";
    const key = keyOf({
      name: field("Package"),
      version: field("Version"),
      architecture: field("Architecture"),
    });
    if (/^[0-9a-f]{64}$/.test(field("SHA256"))) digests.set(key, field("SHA256"));
  }
  return digests;
}

/** The packages of a pin that were not installed as pinned, and those that were and are not in it. */
export function findPinDifferences(
  pin: readonly PinnedPackage[],
  packages: readonly PinnedPackage[],
): string[] {
  const wanted = new Set(pin.map(keyOf));
  const got = new Set(packages.map(keyOf));
  const missing = [...wanted].filter((key) => !got.has(key));
  const extra = [...got].filter((key) => !wanted.has(key)).map((key) => `${key} instead`);
  return [...missing, ...extra];
}

function keyOf({ name, version, architecture }: PinnedPackage): string {
  return `${name}:${architecture}=${version}`;
}
