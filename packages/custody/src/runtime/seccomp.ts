import { systemCallNames } from "./system-calls.ts";

/** A filter as the OCI runtime-spec writes it (config-linux.md §Seccomp). */
export interface Seccomp {
  readonly defaultAction: "SCMP_ACT_ERRNO";
  readonly defaultErrnoRet: number;
  readonly architectures: readonly string[];
  readonly syscalls: readonly SeccompRule[];
}

interface SeccompRule {
  readonly names: readonly string[];
  readonly action: "SCMP_ACT_ALLOW" | "SCMP_ACT_ERRNO";
  readonly errnoRet?: number;
  readonly args?: readonly SeccompArgument[];
}

interface SeccompArgument {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: "SCMP_CMP_EQ" | "SCMP_CMP_MASKED_EQ";
}

/** The machine's architecture as Node and Go name it. */
export type Architecture = "x64" | "arm64";

const EPERM = 1;
const ENOSYS = 38;
// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET, from linux/sched.h
const namespaceFlags = 0x7e020000;
const addressFamilies = { unix: 1, inet: 2, inet6: 10 };
const personalities = [0, 0xffffffff];
const nodeTypeMask = 0o170000;
const nodeTypes = { fifo: 0o010000, regular: 0o100000 };

/**
 * The filter of a sandbox: our list of system calls and nothing else, with what depends on an argument told apart. Only the
 * machine's own calls: programs of its 32-bit modes are ended by the kernel.
 *
 * `clone3` answers ENOSYS, because its flags lie in memory where a filter cannot see them; libc then uses `clone`.
 */
export function planSeccomp(options: { architecture: Architecture; anonymousFiles: boolean }): Seccomp {
  return {
    defaultAction: "SCMP_ACT_ERRNO",
    defaultErrnoRet: EPERM,
    architectures: [options.architecture === "x64" ? "SCMP_ARCH_X86_64" : "SCMP_ARCH_AARCH64"],
    syscalls: [
      { names: systemCallNames(), action: "SCMP_ACT_ALLOW" },
      ...(options.anonymousFiles ? [{ names: ["memfd_create"], action: "SCMP_ACT_ALLOW" as const }] : []),
      { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: ENOSYS },
      allowWhen(["clone"], { index: 0, value: namespaceFlags, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" }),
      ...Object.values(addressFamilies).map((value) =>
        allowWhen(["socket"], { index: 0, value, op: "SCMP_CMP_EQ" }),
      ),
      ...personalities.map((value) => allowWhen(["personality"], { index: 0, value, op: "SCMP_CMP_EQ" })),
      ...Object.values(nodeTypes).flatMap((type) => [
        allowNode("mknod", 1, type),
        allowNode("mknodat", 2, type),
      ]),
    ],
  };
}

function allowWhen(names: readonly string[], argument: SeccompArgument): SeccompRule {
  return { names, action: "SCMP_ACT_ALLOW", args: [argument] };
}

function allowNode(name: string, index: number, type: number): SeccompRule {
  return allowWhen([name], { index, value: nodeTypeMask, valueTwo: type, op: "SCMP_CMP_MASKED_EQ" });
}
