import type { Digest } from "custody/ground";

import type { ArchiveRelease } from "./bootstrap.ts";
import type { InstalledPackage } from "./package-list.ts";

/** What is recorded of a stemcell, beside its archive. */
export interface StemcellRecord {
  readonly suite: string;
  /** The packages that were asked for. */
  readonly requested: readonly string[];
  /** Of the archive: an OCI layer, uncompressed. */
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Everything that is installed, sorted by name: the pin that makes this very stemcell again. */
  readonly packages: readonly InstalledPackage[];
  /** The signed indexes that the packages were chosen and checked by. */
  readonly releases: readonly ArchiveRelease[];
  readonly recipeDigest: Digest;
  /** Seconds since 1970. */
  readonly sourceDateEpoch: number;
}

export interface Stemcell extends StemcellRecord {
  /** The archive's file on this host. */
  readonly path: string;
  /** The archive's bytes. */
  open(): AsyncIterable<Uint8Array>;
  /** SPDX 2.3 JSON; see {@link formatSpdx}. */
  readonly sbom: Uint8Array;
}
