import type { Profile } from "./profile.ts";
import type { Protection } from "./protection.ts";

/** A bind mount, prepared outside: what is at `source` appears at `destination`. */
export interface BindMount {
  readonly source: string;
  readonly destination: string;
  readonly writable: boolean;
}

/** Everything that a configuration is made of; paths are those of the machine that runs it. */
export interface RuntimePlan {
  readonly kind: "step" | "workload";
  readonly profile: Profile;
  readonly without: readonly Protection[];
  readonly rootPath: string;
  readonly binds: readonly BindMount[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** The first of the 65536 ids of the host that are this sandbox's own. */
  readonly firstId: number;
  readonly cgroupsPath: string;
  readonly limits: { readonly memoryBytes: number; readonly cpus: number; readonly pids: number };
  /** Sizes of the temporary file systems; they count as memory. */
  readonly temporaryBytes: number;
}

/** The ids of one sandbox: 0 to 65535 inside. */
export const idCount = 65536;
/** Who runs what is in a sandbox: nobody in particular, and not root, inside either. */
export const sandboxUser = 1000;
/** The name of every machine that a sandbox thinks it is. */
export const sandboxHostname = "custody";

const cpuPeriodMicroseconds = 100_000;
const maxOpenFiles = 1024;

/** An OCI runtime configuration (runtime-spec 1.0, config.md), as the JSON it is written as. */
export interface RuntimeConfig {
  readonly ociVersion: string;
  readonly process: Readonly<Record<string, unknown>>;
  readonly root: { readonly path: string; readonly readonly: boolean };
  readonly hostname: string;
  readonly mounts: readonly Mount[];
  readonly linux: Readonly<Record<string, unknown>>;
}

interface Mount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

/** The configuration of one sandbox. Pure: the same plan gives the same configuration. */
export function planRuntimeConfig(plan: RuntimePlan): RuntimeConfig {
  return {
    ociVersion: "1.0.2",
    process: planProcess(plan),
    root: { path: plan.rootPath, readonly: plan.profile.readonlyRoot },
    hostname: sandboxHostname,
    mounts: [...planOwnMounts(plan), ...plan.binds.map(planBind)],
    linux: planLinux(plan),
  };
}

function planProcess(plan: RuntimePlan): Readonly<Record<string, unknown>> {
  return {
    terminal: false,
    user: { uid: sandboxUser, gid: sandboxUser, additionalGids: [] },
    args: plan.command,
    env: Object.entries(plan.environment).map(([name, value]) => `${name}=${value}`),
    cwd: plan.workingDirectory,
    capabilities: plan.profile.capabilities,
    noNewPrivileges: plan.profile.noNewPrivileges,
    rlimits: [
      { type: "RLIMIT_NOFILE", hard: maxOpenFiles, soft: maxOpenFiles },
      { type: "RLIMIT_CORE", hard: 0, soft: 0 },
    ],
  };
}

function planOwnMounts(plan: RuntimePlan): Mount[] {
  const temporary = ["nosuid", "nodev", "mode=1777", `size=${plan.temporaryBytes}`, "nr_inodes=65536"];
  // A build may run what it writes to /tmp; a workload has no business to.
  const executable = plan.kind === "workload" ? ["noexec"] : [];
  return [
    { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] },
    {
      destination: "/dev",
      type: "tmpfs",
      source: "tmpfs",
      options: ["nosuid", "noexec", "mode=755", "size=65536"],
    },
    { destination: "/dev/shm", type: "tmpfs", source: "shm", options: [...temporary, "noexec"] },
    { destination: "/tmp", type: "tmpfs", source: "tmpfs", options: [...temporary, ...executable] },
  ];
}

function planBind(bind: BindMount): Mount {
  const options = ["rbind", "rprivate", "nosuid", "nodev", bind.writable ? "rw" : "ro"];
  return { destination: bind.destination, type: "bind", source: bind.source, options };
}

function planLinux(plan: RuntimePlan): Readonly<Record<string, unknown>> {
  const { profile } = plan;
  const mapping = [{ containerID: 0, hostID: plan.firstId, size: idCount }];
  const hasUsers = profile.namespaces.some(({ type }) => type === "user");
  return {
    ...(hasUsers ? { uidMappings: mapping, gidMappings: mapping } : {}),
    namespaces: profile.namespaces,
    cgroupsPath: plan.cgroupsPath,
    resources: planResources(plan),
    rootfsPropagation: "private",
    maskedPaths: profile.maskedPaths,
    readonlyPaths: profile.readonlyPaths,
    ...(profile.seccomp ? { seccomp: profile.seccomp } : {}),
  };
}

function planResources(plan: RuntimePlan): Readonly<Record<string, unknown>> {
  const { memoryBytes, cpus, pids } = plan.limits;
  const has = (protection: Protection) => !plan.without.includes(protection);
  return {
    devices: plan.profile.devices,
    ...(has("memory-limit") ? { memory: { limit: memoryBytes, swap: memoryBytes } } : {}),
    ...(has("pids-limit") ? { pids: { limit: pids } } : {}),
    ...(has("cpu-limit")
      ? { cpu: { period: cpuPeriodMicroseconds, quota: Math.ceil(cpus * cpuPeriodMicroseconds) } }
      : {}),
  };
}
