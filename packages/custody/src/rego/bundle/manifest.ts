import * as v from "valibot";

import { RegoFault } from "../faults.ts";
import { isObject, objectGet, readJson } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";

/** What a bundle says of itself (`.manifest`). */
export interface Manifest {
  readonly revision: string;
  /** Paths below `data`, `a/b`, that the bundle owns; nothing of it is outside of them. */
  readonly roots: readonly string[];
  readonly metadata: RegoValue | undefined;
  /** 0 or 1: the language of its modules. */
  readonly regoVersion: number | undefined;
}

const shape = v.object({
  revision: v.optional(v.string()),
  roots: v.optional(v.nullable(v.array(v.string()))),
  rego_version: v.optional(v.picklist([0, 1])),
});

/** A bundle without a manifest owns everything. */
export const noManifest: Manifest = {
  revision: "",
  roots: [""],
  metadata: undefined,
  regoVersion: undefined,
};

/**
 * @throws RegoFault `rego/bundle` for a manifest of another shape, and for roots that are within each other.
 */
export function parseManifest(text: string): Manifest {
  const value = readJson(text);
  const parsed = v.safeParse(shape, value);
  if (!parsed.success || !isObject(value)) {
    throw new RegoFault("rego/bundle", "manifest: revision, roots or rego_version is not what it should be");
  }
  const { revision = "", roots, rego_version: regoVersion } = parsed.output;
  const metadata = objectGet(value, "metadata");
  const clean = (roots ?? [""]).map((root) => root.replace(/^\/+|\/+$/g, ""));
  refuseOverlaps(clean);
  return { revision, roots: clean, metadata, regoVersion };
}

function refuseOverlaps(roots: readonly string[]): void {
  for (const [i, a] of roots.entries()) {
    for (const b of roots.slice(i + 1)) {
      if (isWithin(a, b) || isWithin(b, a))
        throw new RegoFault("rego/bundle", `manifest has overlapped roots: '${a}' and '${b}'`);
    }
  }
}

/** True for the same path and for one below it. */
export function isWithin(path: string, root: string): boolean {
  return root === "" || path === root || path.startsWith(`${root}/`);
}
