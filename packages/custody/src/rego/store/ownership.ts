import { StoreFault } from "./faults.ts";
import { pathsOverlap } from "./paths.ts";
import type { DocumentPath } from "./paths.ts";

/** A bundle that is active: what it owns of the documents, and the modules that are its own. */
export interface ActiveBundle {
  readonly revision: string;
  /** Paths below `data`: `a/b`; the empty one is all of it. */
  readonly roots: readonly string[];
  readonly moduleIds: readonly string[];
}

export type ActiveBundles = ReadonlyMap<string, ActiveBundle>;

/**
 * What bundles own is theirs to change.
 *
 * @throws StoreFault `bad_request` that names the bundle.
 */
export function refuseOwned(bundles: ActiveBundles, path: DocumentPath): void {
  if (bundles.size > 0 && path.length === 0)
    throw new StoreFault("bad_request", "can't write to document root with bundle roots configured");
  for (const [name, { roots }] of bundles) {
    if (roots.includes("")) throw new StoreFault("bad_request", `all paths owned by bundle "${name}"`);
    if (roots.some((root) => pathsOverlap(path, root.split("/"))))
      throw new StoreFault("bad_request", `path ${path.join("/")} is owned by bundle "${name}"`);
  }
}

/** @throws StoreFault `bad_request` where two bundles own the same. */
export function refuseSharedRoots(bundles: ActiveBundles): void {
  const owned = [...bundles].flatMap(([name, { roots }]) => roots.map((root) => ({ name, root })));
  for (const [i, a] of owned.entries()) {
    const b = owned.slice(i + 1).find((other) => other.name !== a.name && sharesRoot(a.root, other.root));
    if (b)
      throw new StoreFault(
        "bad_request",
        `detected overlapping roots in bundles ${a.name} and ${b.name}: "${a.root}"`,
      );
  }
}

function sharesRoot(a: string, b: string): boolean {
  return a === "" || b === "" || pathsOverlap(a.split("/"), b.split("/"));
}
