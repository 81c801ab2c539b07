import type { Protection } from "./protection.ts";
import type { Architecture, Seccomp } from "./seccomp.ts";
import { planSeccomp } from "./seccomp.ts";

/** What is the same for every sandbox of a kind: the part of its configuration that holds things back. */
export interface Profile {
  readonly noNewPrivileges: boolean;
  readonly capabilities: Readonly<Record<string, readonly string[]>>;
  readonly readonlyRoot: boolean;
  readonly namespaces: readonly { readonly type: string }[];
  readonly devices: readonly { readonly allow: boolean; readonly access: string }[];
  readonly maskedPaths: readonly string[];
  readonly readonlyPaths: readonly string[];
  readonly seccomp?: Seccomp;
}

export interface ProfileOptions {
  readonly kind: "step" | "workload";
  readonly architecture: Architecture;
  readonly without: readonly Protection[];
}

const capabilitySets = ["bounding", "effective", "inheritable", "permitted", "ambient"];
/** What a drill without "capabilities" gives back: enough to show what their absence holds off. */
const drillCapabilities = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FOWNER",
  "CAP_NET_RAW",
  "CAP_SETUID",
  "CAP_SYS_ADMIN",
];

const maskedPaths = [
  "/proc/acpi",
  "/proc/asound",
  "/proc/interrupts",
  "/proc/kallsyms",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/modules",
  "/proc/sched_debug",
  "/proc/scsi",
  "/proc/timer_list",
  "/proc/timer_stats",
];
const readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

/** The profile of a kind of sandbox, less what a drill turns off. */
export function planProfile({ kind, architecture, without }: ProfileOptions): Profile {
  const has = (protection: Protection) => !without.includes(protection);
  const held = has("capabilities") ? [] : drillCapabilities;
  return {
    noNewPrivileges: has("no-new-privileges"),
    capabilities: Object.fromEntries(capabilitySets.map((set) => [set, held])),
    readonlyRoot: has("read-only-root"),
    // The network is joined, not made, by the runtime: whoever starts the sandbox prepares it.
    namespaces: ["pid", "ipc", "uts", "mount", "cgroup", ...(has("user-namespace") ? ["user"] : [])].map(
      (type) => ({ type }),
    ),
    devices: [{ allow: false, access: "rwm" }],
    maskedPaths,
    readonlyPaths,
    ...(has("seccomp") ? { seccomp: planSeccomp({ architecture, anonymousFiles: kind === "step" }) } : {}),
  };
}
