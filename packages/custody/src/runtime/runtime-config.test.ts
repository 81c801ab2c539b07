import assert from "node:assert/strict";
import { test } from "node:test";

import { planProfile } from "./profile.ts";
import type { Protection } from "./protection.ts";
import type { RuntimePlan } from "./runtime-config.ts";
import { planRuntimeConfig } from "./runtime-config.ts";
import { planSeccomp } from "./seccomp.ts";
import { systemCallNames } from "./system-calls.ts";

function planOf(kind: "step" | "workload", without: readonly Protection[] = []): RuntimePlan {
  return {
    kind,
    without,
    profile: planProfile({ kind, architecture: "x64", without }),
    rootPath: "/stage/root",
    binds: [{ source: "/stage/work", destination: "/work", writable: true }],
    command: ["true"],
    environment: { PATH: "/bin" },
    workingDirectory: "/work",
    firstId: 300_000,
    cgroupsPath: "/custody/x",
    limits: { memoryBytes: 1000, cpus: 0.5, pids: 7 },
    temporaryBytes: 4096,
  };
}

const configOf = (kind: "step" | "workload", without: readonly Protection[] = []) =>
  // As the runtime reads it: through JSON.
  JSON.parse(JSON.stringify(planRuntimeConfig(planOf(kind, without)))) as {
    process: Record<string, unknown>;
    root: { readonly: boolean };
    mounts: { destination: string; options: string[] }[];
    linux: Record<string, unknown> & { resources: Record<string, unknown>; namespaces: { type: string }[] };
  };

test("gives no capability, no new privileges, and the host's environment to nobody", () => {
  const { process } = configOf("step");
  assert.deepEqual(process["capabilities"], {
    bounding: [],
    effective: [],
    inheritable: [],
    permitted: [],
    ambient: [],
  });
  assert.equal(process["noNewPrivileges"], true);
  assert.deepEqual(process["env"], ["PATH=/bin"]);
});

test("limits memory with swap counted, processes, and processor time", () => {
  assert.deepEqual(configOf("step").linux.resources, {
    devices: [{ allow: false, access: "rwm" }],
    memory: { limit: 1000, swap: 1000 },
    pids: { limit: 7 },
    cpu: { period: 100_000, quota: 50_000 },
  });
});

test("maps 65536 ids, none of them the host's root", () => {
  const mapping = [{ containerID: 0, hostID: 300_000, size: 65_536 }];
  assert.deepEqual(configOf("step").linux["uidMappings"], mapping);
  assert.deepEqual(configOf("step").linux["gidMappings"], mapping);
});

test("lets a build run what it writes to /tmp, and a workload nothing that it writes anywhere", () => {
  const options = (kind: "step" | "workload", at: string) =>
    configOf(kind).mounts.find(({ destination }) => destination === at)?.options ?? [];
  assert.equal(options("step", "/tmp").includes("noexec"), false);
  for (const path of ["/tmp", "/dev/shm", "/dev"])
    assert.ok(options("workload", path).includes("noexec"), path);
});

test("a drill changes what it names and leaves the rest", () => {
  const whole = configOf("step");
  const differs = (without: Protection, part: (config: typeof whole) => unknown) => {
    assert.notDeepEqual(part(configOf("step", [without])), part(whole), without);
    return { ...configOf("step", [without]) };
  };
  differs("capabilities", ({ process }) => process["capabilities"]);
  differs("no-new-privileges", ({ process }) => process["noNewPrivileges"]);
  differs("read-only-root", ({ root }) => root.readonly);
  differs("seccomp", ({ linux }) => linux["seccomp"]);
  differs("memory-limit", ({ linux }) => linux.resources["memory"]);
  differs("pids-limit", ({ linux }) => linux.resources["pids"]);
  differs("cpu-limit", ({ linux }) => linux.resources["cpu"]);
  differs("user-namespace", ({ linux }) => linux.namespaces);
  assert.deepEqual(configOf("step", ["pids-limit"]).process, whole.process);
});

test("the filter lists each call once, and none that reaches beyond the sandbox", () => {
  const names = systemCallNames();
  assert.equal(new Set(names).size, names.length);
  const dangerous = `mount umount2 pivot_root chroot setns unshare clone clone3 ptrace process_vm_readv keyctl add_key
    request_key bpf perf_event_open userfaultfd io_uring_setup io_uring_enter open_by_handle_at init_module finit_module
    kexec_load reboot swapon syslog clock_settime settimeofday sethostname fsopen open_tree move_mount quotactl acct
    socket personality mknod memfd_create pidfd_getfd kcmp lookup_dcookie vm86 modify_ldt iopl ioperm`;
  for (const name of dangerous.split(/\s+/)) assert.equal(names.includes(name), false, name);
});

test("the filter refuses by default, answers clone3 with ENOSYS, and sees clone's namespace flags", () => {
  const filter = planSeccomp({ architecture: "x64", anonymousFiles: false });
  assert.equal(filter.defaultAction, "SCMP_ACT_ERRNO");
  assert.equal(filter.defaultErrnoRet, 1);
  assert.deepEqual(filter.architectures, ["SCMP_ARCH_X86_64"]);
  const ruleOf = (name: string) => filter.syscalls.filter(({ names }) => names.includes(name));
  assert.deepEqual(ruleOf("clone3"), [{ names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: 38 }]);
  assert.equal(ruleOf("clone")[0]?.args?.[0]?.value, 0x7e020000);
  assert.deepEqual(
    ruleOf("socket").map(({ args }) => args?.[0]?.value),
    [1, 2, 10],
  );
});

test("only builds may make files without a name in memory", () => {
  const allows = (anonymousFiles: boolean) =>
    planSeccomp({ architecture: "arm64", anonymousFiles }).syscalls.some(({ names }) =>
      names.includes("memfd_create"),
    );
  assert.equal(allows(true), true);
  assert.equal(allows(false), false);
});
