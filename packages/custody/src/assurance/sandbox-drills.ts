import { allowed, refused, undecided } from "custody/ground";
import type { Verdict } from "custody/ground";
import type { Protection, Sandbox, SandboxOutcome, StepSpec } from "custody/runtime";

import type { Drill } from "./drill.ts";

/** A sandbox, a stemcell to run in it (perl is in Debian's essential set), and what on the host an attacker would want. */
export interface SandboxScene {
  readonly sandbox: Sandbox;
  readonly step: Pick<StepSpec, "root" | "source">;
  /** A TCP port on the host's loopback where something answers. */
  readonly hostPort: number;
  /** The absolute path of a file of the host that anyone may read. */
  readonly hostFile: string;
}

const mebibyte = 1024 * 1024;
const limits = {
  memoryBytes: 128 * mebibyte,
  cpus: 1,
  pids: 32,
  workBytes: 16 * mebibyte,
  outputBytes: mebibyte,
  deadlineSeconds: 20,
};

interface Attack {
  readonly name: string;
  readonly protection: Protection;
  /** Ends with 0 when the attack came through. */
  readonly script: (scene: SandboxScene) => string;
  /** What the kernel says, or how the step ends, when the protection holds. */
  readonly held: RegExp;
}

const attacks: readonly Attack[] = [
  {
    name: "a step that reaches for the network",
    protection: "network",
    script: ({ hostPort }) =>
      perl(
        `use IO::Socket::INET; IO::Socket::INET->new(PeerAddr => "127.0.0.1:${hostPort}", Timeout => 5) or die "$!\\n"`,
      ),
    held: /Connection refused|Network is unreachable/,
  },
  {
    name: "a step that reads a file of the host",
    protection: "host-filesystem",
    script: ({ hostFile }) => `cat ${hostFile} 2>&1 || cat /mnt${hostFile} 2>&1`,
    held: /No such file or directory/,
  },
  {
    name: "a step that looks for the signing key",
    protection: "signing-key",
    script: () =>
      "find / -path /proc -prune -o -name '*signing-key*' -readable -print 2>/dev/null | grep . || { echo 'no key anywhere'; exit 1; }",
    held: /no key anywhere/,
  },
  {
    name: "a step that changes its stemcell",
    protection: "read-only-root",
    script: () => "sh -c 'mkdir /var/tmp/planted' 2>&1",
    held: /Read-only file system/,
  },
  {
    name: "a step that changes the source while it builds",
    protection: "read-only-source",
    script: () => "sh -c 'mkdir /source/planted' 2>&1",
    held: /Read-only file system/,
  },
  {
    name: "a step that forks without end",
    protection: "pids-limit",
    script: () =>
      perl(
        'my $n = 0; for (1 .. 200) { my $pid = fork; die "fork: $!\\n" unless defined $pid; if ($pid == 0) { sleep 2; exit } $n++ } exit($n == 200 ? 0 : 1)',
      ),
    held: /Resource temporarily unavailable/,
  },
  {
    name: "a step that takes all memory",
    protection: "memory-limit",
    script: () => perl('my $x = "x" x (256 * 1024 * 1024); print length $x'),
    held: /memory/i,
  },
];

/** Attacks from inside a step on everything around it; the same program, with one protection off, comes through. */
export const sandboxDrills: readonly Drill<SandboxScene>[] = attacks.map((attack) => ({
  name: attack.name,
  code: codeOf(attack.protection),
  attempt: (scene, without) => attempt(scene, attack, without),
}));

function codeOf(protection: Protection): string {
  return `runtime/${protection}`;
}

function perl(program: string): string {
  return `perl -e '${program}' 2>&1`;
}

async function attempt(
  scene: SandboxScene,
  { name, protection, script, held }: Attack,
  without: readonly string[],
): Promise<Verdict<unknown>> {
  const spec: StepSpec = {
    ...scene.step,
    name: "drill",
    command: ["sh", "-c", script(scene)],
    environment: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
    workingDirectory: "/work",
    limits: { ...limits, ...(without.includes(codeOf("pids-limit")) ? { deadlineSeconds: 40 } : {}) },
    inputs: {},
    outputs: [],
    networkHosts: [],
    withoutForDrill: without.includes(codeOf(protection)) ? [protection] : [],
  };
  const outcome = await scene.sandbox.run(spec, { collect: async () => undefined });
  return judge(name, codeOf(protection), held, outcome);
}

// A step that failed for any other cause than the protection shows nothing, and is not counted as held.
function judge(
  name: string,
  code: string,
  held: RegExp,
  outcome: SandboxOutcome<undefined>,
): Verdict<unknown> {
  if (outcome.kind === "succeeded") return allowed(outcome.isolation);
  const words = `${outcome.reason.code} ${outcome.reason.message}\n${outcome.output.head}`;
  const [line] = held.exec(words) ?? [];
  return line === undefined
    ? undecided("assurance/other-failure", name, words.slice(0, 500))
    : refused(code, name, line);
}
