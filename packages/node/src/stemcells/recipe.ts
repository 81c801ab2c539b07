import type { Digest } from "custody/ground";
import { canonicalJson, digestOf } from "custody/ground";
import { nodeCrypto } from "@custody/node/crypto";

import { stemcellFault } from "./faults.ts";

/** What a stemcell is to be made of. */
export interface Recipe {
  /** The Debian release's code name, as apt's sources write it: `bookworm`. */
  readonly suite: string;
  /** Debian packages by name, besides the essential ones and what they all depend on. */
  readonly packages: readonly string[];
  /** The packages of an earlier build, all of them: exactly these versions, or none. */
  readonly pin?: readonly PinnedPackage[];
}

export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** The time that everything in a stemcell claims to be of, in seconds since 1970: 2020-01-01T00:00:00Z. */
export const sourceDateEpoch = 1_577_836_800;

/** Counts how stemcells are made: a change to the steps is a change of the recipe. */
const method = 1;
const maxPackages = 200;
const suitePattern = /^[a-z][a-z0-9-]{1,40}$/;
// Debian policy §5.6.1
const packagePattern = /^[a-z0-9][a-z0-9+.-]{1,80}$/;

/** @throws CustodyError `stemcell/recipe` for a suite or package that cannot be one. */
export function checkRecipe(recipe: Recipe): void {
  const odd = recipe.packages.find((name) => !packagePattern.test(name));
  if (odd !== undefined)
    throw stemcellFault("stemcell/recipe", `${JSON.stringify(odd)} is no Debian package's name`);
  if (!suitePattern.test(recipe.suite)) {
    throw stemcellFault("stemcell/recipe", `${JSON.stringify(recipe.suite)} is no Debian suite`);
  }
  if (recipe.packages.length > maxPackages) {
    throw stemcellFault("stemcell/recipe", `${recipe.packages.length} packages are more than ${maxPackages}`);
  }
}

/** The same for the same stemcell wanted, whatever the order of its packages. */
export function recipeDigest(recipe: Recipe, architecture: string): Digest {
  const pin = recipe.pin?.map(({ name, version, architecture }) => `${name}:${architecture}=${version}`);
  const parts = {
    method,
    architecture,
    sourceDateEpoch,
    suite: recipe.suite,
    packages: [...new Set(recipe.packages)].sort(),
    pin: pin?.sort() ?? [],
  };
  return digestOf(nodeCrypto, canonicalJson(parts));
}
