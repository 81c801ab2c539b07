import { CustodyError, parseJson } from "custody/ground";
import * as v from "valibot";

import type { FactoryFaultCode } from "./faults.ts";

/** A package, exactly: what a locked stemcell is made of again, or not at all. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** The packages of each stemcell by its name in custody.yaml: the content of custody.lock. */
export type StemcellLock = Readonly<Record<string, readonly LockedPackage[]>>;

const maxLockBytes = 4 * 1024 * 1024;
const packagePattern = /^([a-z0-9][a-z0-9+.-]{1,80}):([a-z0-9-]{2,20})=([A-Za-z0-9.+:~-]{1,100})$/;

const shape = v.strictObject({
  version: v.literal(1),
  stemcells: v.record(
    v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,62}$/)),
    v.pipe(
      v.array(v.pipe(v.string(), v.regex(packagePattern, "NAME:ARCHITECTURE=VERSION"))),
      v.maxLength(10_000),
    ),
  ),
});

/**
 * Reads a custody.lock.
 *
 * @throws CustodyError `factory/lock`, `json/…`.
 */
export function parseStemcellLock(text: string): StemcellLock {
  const parsed = v.safeParse(shape, parseJson(text, { sizeBytes: maxLockBytes }));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new CustodyError<FactoryFaultCode>(
      "factory/lock",
      `custody.lock: ${v.getDotPath(issue) ?? "it"}: ${issue.message}`,
      {
        subject: "custody.lock",
        next: "write it again with `custody lock`",
      },
    );
  }
  const { stemcells } = parsed.output;
  return Object.fromEntries(
    Object.entries(stemcells).map(([name, packages]) => [name, packages.map(parsePackage)]),
  );
}

function parsePackage(text: string): LockedPackage {
  const [, name = "", architecture = "", version = ""] = packagePattern.exec(text) ?? [];
  return { name, version, architecture };
}

/** The text of a custody.lock: sorted, a line a package, so that a change of packages reads well in a diff. */
export function formatStemcellLock(lock: StemcellLock): string {
  const stemcells = Object.fromEntries(
    Object.entries(lock)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, packages]) => [name, packages.map(formatPackage).toSorted()]),
  );
  return `${JSON.stringify({ version: 1, stemcells }, null, 2)}\n`;
}

function formatPackage({ name, version, architecture }: LockedPackage): string {
  return `${name}:${architecture}=${version}`;
}
