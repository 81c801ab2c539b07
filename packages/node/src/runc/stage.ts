import { join } from "node:path";

import { findStats } from "@custody/node/trees";
import type { BindMount, PlacedTree, Protection } from "custody/runtime";
import { runtimeFault, sandboxUser } from "custody/runtime";

import type { Prepare } from "./holder-protocol.ts";

export interface StageOptions {
  /** The directory that the stage covers, from {@link findStagePlace}. */
  readonly place: string;
  readonly root: PlacedTree;
  /** Trees by where they appear inside: /source, or /inputs/NAME. */
  readonly trees: Readonly<Record<string, PlacedTree>>;
  /** Size of /work; no /work when undefined. */
  readonly workBytes: number | undefined;
  /** The host's id of the sandbox's user 0. */
  readonly firstId: number;
  readonly without: readonly Protection[];
  /** What a drill without "signing-key" shows at /srv/signing-key. */
  readonly signingKeyFile: string | undefined;
}

export interface Stage extends Pick<
  Prepare,
  "stage" | "stageBytes" | "directories" | "mounts" | "copies" | "output"
> {
  readonly rootPath: string;
  readonly workPath: string;
  readonly binds: readonly BindMount[];
}

const places = ["/mnt", "/srv", "/media", "/opt"];
const stageBytes = 16 * 1024 * 1024;
const drillBytes = 8 * 1024 * 1024 * 1024;
const outputName = "output";
const workInodes = 262_144;

/**
 * Plans what a holder prepares: everything a sandbox sees is bound to one small file system that any user may
 * traverse, so that the trees themselves can stay in directories that are closed to all but their owner.
 */
export function planStage(options: StageOptions): Stage {
  const parts = [planRoot(options), ...planTrees(options), ...planWork(options), ...planDrills(options)];
  return {
    stage: options.place,
    stageBytes: options.without.length === 0 ? stageBytes : drillBytes,
    rootPath: join(options.place, "root"),
    workPath: join(options.place, "work"),
    output: { path: outputName, owner: options.firstId + sandboxUser },
    directories: ["bundle", "runc", ...parts.map((part) => part.directory)],
    mounts: parts.flatMap((part) => (part.mount ? [part.mount] : [])),
    copies: parts.flatMap((part) => (part.copy ? [part.copy] : [])),
    binds: parts.flatMap((part) => (part.bind ? [part.bind] : [])),
  };
}

/** A directory that can be covered without hiding any of these paths. */
export async function findStagePlace(paths: readonly string[]): Promise<string> {
  for (const place of places) {
    const hides = paths.some((path) => path === place || path.startsWith(`${place}/`));
    if (!hides && (await findStats(place))?.isDirectory() === true) return place;
  }
  throw runtimeFault("runtime/start-failed", `none of ${places.join(", ")} can be covered for a sandbox`);
}

interface Part {
  readonly directory: string;
  readonly mount?: readonly string[];
  readonly copy?: Prepare["copies"][number];
  readonly bind?: BindMount;
}

function planRoot(options: StageOptions): Part {
  if (options.without.includes("read-only-root")) return planCopy(options, "root", options.root.place);
  return planMount(options, "root", options.root.place);
}

// The inputs appear below one directory, because the runtime cannot make mount points in a root that is read-only.
function planTrees(options: StageOptions): Part[] {
  const writable = options.without.includes("read-only-source");
  const parts = Object.entries(options.trees).map(([destination, tree]): Part => {
    const directory = destination.slice(1);
    return writable ? planCopy(options, directory, tree.place) : planMount(options, directory, tree.place);
  });
  const tops = [...new Set(Object.keys(options.trees).map((path) => path.split("/")[1] ?? ""))];
  const binds = tops.map((top): Part => ({
    directory: top,
    bind: { source: join(options.place, top), destination: `/${top}`, writable },
  }));
  return [...binds, ...parts];
}

function planWork(options: StageOptions): Part[] {
  if (options.workBytes === undefined) return [];
  const owner = options.firstId + sandboxUser;
  const size = `size=${options.workBytes},nr_inodes=${workInodes},mode=0755,uid=${owner},gid=${owner}`;
  const source = join(options.place, "work");
  return [
    {
      directory: "work",
      mount: ["-t", "tmpfs", "-o", `nosuid,nodev,${size}`, "tmpfs", source],
      bind: { source, destination: "/work", writable: true },
    },
  ];
}

function planDrills(options: StageOptions): Part[] {
  const parts: Part[] = [];
  if (options.without.includes("host-filesystem")) {
    const source = join(options.place, "host");
    const bind = { source, destination: "/mnt", writable: false };
    parts.push({ directory: "host", mount: ["--rbind", "/", source], bind });
  }
  if (options.without.includes("signing-key") && options.signingKeyFile !== undefined) {
    const bind = { source: join(options.place, "keys"), destination: "/srv", writable: false };
    parts.push({ ...planCopy(options, "keys/signing-key", options.signingKeyFile), directory: "keys", bind });
  }
  return parts;
}

function planMount(options: StageOptions, directory: string, from: string): Part {
  return { directory, mount: ["--bind", "-o", "ro", from, join(options.place, directory)] };
}

function planCopy(options: StageOptions, to: string, from: string): Part {
  return { directory: to, copy: { from, to, owner: options.firstId + sandboxUser } };
}
