import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { SandboxOutcome, StepSpec } from "custody/runtime";

import { checkSandbox, stepSpec, workloadSpec } from "../../../custody/src/runtime/contract.ts";
import { Cgroups } from "./cgroups.ts";
import type { TestHost } from "./host.testing.ts";
import { findSkipReason, openTestHost } from "./host.testing.ts";
import { expectedOfStep, openWithout, parseProbe, probeScript } from "./probe.testing.ts";
import { RuncSandbox } from "./runc-sandbox.ts";

const skip = await findSkipReason();
const options = { skip };
let host: TestHost;
before(async () => {
  if (skip === false) host = await openTestHost();
});
after(async () => {
  if (skip === false) await host.close();
});

const underTest = async () => ({ ...host, skip });

if (skip === false) checkSandbox("runc", underTest);

async function run(script: string, more: Partial<StepSpec> = {}): Promise<SandboxOutcome<number>> {
  const spec = stepSpec({ ...host, skip }, script, more);
  return host.sandbox.run(spec, { collect: async (outputs) => outputs.length });
}

async function probe(more: Partial<StepSpec> = {}): Promise<Readonly<Record<string, string>>> {
  const outcome = await run(probeScript, {
    command: ["perl", "-e", probeScript],
    environment: {
      PATH: "/usr/bin",
      CANARY: host.canary,
      HOST_PID: `${process.pid}`,
      HOST_PORT: `${host.port}`,
    },
    ...more,
  });
  assert.equal(outcome.kind, "succeeded", JSON.stringify(outcome));
  return parseProbe(outcome.output.head);
}

test("stops every attempt of the probe, each with its own errno", options, async () => {
  process.env["CUSTODY_TEST_SECRET"] = "seen";
  const { environment, ...found } = await probe();
  assert.deepEqual(found, expectedOfStep);
  assert.equal(environment, "CANARY,HOME,HOST_PID,HOST_PORT,PATH");
});

for (const [protection, attempts] of Object.entries(openWithout)) {
  test(
    `without ${protection} the same attempts get through, so that the check can fail`,
    options,
    async () => {
      const found = await probe({ withoutForDrill: [protection as keyof typeof openWithout] });
      for (const attempt of attempts) assert.equal(found[attempt], "open", `${attempt}: ${found[attempt]}`);
    },
  );
}

test("a workload can neither run what it writes nor make files without a name", options, async () => {
  const running = await host.sandbox.start({
    ...workloadSpec({ ...host, skip }, ""),
    command: ["perl", "-e", `$| = 1; ${probeScript}; sleep 60`],
    environment: {
      PATH: "/usr/bin",
      CANARY: host.canary,
      HOST_PID: "1",
      HOST_PORT: `${host.port}`,
      HOME: "/work",
    },
  });
  await sleep(700);
  await running.stop();
  const found = parseProbe((await running.exited).output.head);
  assert.equal(found["exec from tmp"], "EACCES");
  assert.equal(found["memfd"], "EPERM");
  assert.equal(found["reach internet"], "ENETUNREACH");
  assert.equal(found["reach host loopback"], "ECONNREFUSED");
});

const bombs: [string, string, string, Partial<StepSpec>, string][] = [
  [
    "memory",
    "perl -e '$x = q(a) x 400_000_000; print length $x'",
    "step/memory",
    { withoutForDrill: ["memory-limit"] },
    "400000000",
  ],
  [
    "processes",
    "perl -e 'for (1 .. 200) { my $p = fork; defined $p or die qq(stopped at $_\\n); $p or do { sleep 20; exit } } print qq(all); kill 9, -1'",
    "step/exit",
    { withoutForDrill: ["pids-limit"] },
    "all",
  ],
];

for (const [what, script, code, drill, said] of bombs) {
  test(`contains a bomb of ${what}, which goes off without the limit`, options, async () => {
    const held = await run(script);
    assert.equal(held.kind === "failed" && held.reason.code, code, JSON.stringify(held));
    const loose = await run(script, drill);
    assert.ok(loose.output.head.includes(said), JSON.stringify(loose));
  });
}

test("a full work directory is an error to the step, and no more than that", options, async () => {
  const script = "! dd if=/dev/zero of=/work/big bs=1M 2>/tmp/said; cat /tmp/said";
  const outcome = await run(script);
  assert.equal(outcome.kind, "succeeded");
  assert.match(outcome.output.head, /No space left on device/);
});

test("leaves no process, control group or directory behind", options, async () => {
  await run("sleep 30 & sleep 30 & echo done");
  await run("sleep 60", { limits: { ...stepSpec({ ...host, skip }, "").limits, deadlineSeconds: 1 } });
  const cgroups = await Cgroups.open();
  assert.deepEqual(await readdir(host.options.directory), []);
  assert.deepEqual(await cgroups.findIds((await prefixOf()) ?? "?"), []);
  assert.equal((await readFile("/proc/self/mounts", "utf8")).includes(host.top), false);
});

async function prefixOf(): Promise<string | undefined> {
  const running = await host.sandbox.start(workloadSpec({ ...host, skip }, "sleep 60 & wait"));
  await running.stop();
  return running.id.split("-")[0];
}

test(
  "reads what a step writes to /dev/stdout by name, and tells a missing command from a failing one",
  options,
  async () => {
    const { output } = await run("echo one > /dev/stdout; echo two > /dev/stderr");
    // Two streams: each keeps its order, and they come together in any.
    assert.deepEqual(output.head.split("\n").toSorted(), ["", "one", "two"]);
    const missing = await run("", { command: ["no-such-command"] });
    assert.equal(missing.kind === "failed" && missing.reason.code, "step/start");
  },
);

test("refuses a root in which a mount point is a link", options, async () => {
  const { symlink, mkdir } = await import("node:fs/promises");
  const place = join(host.top, "crooked");
  await mkdir(place);
  for (const name of ["proc", "tmp", "work", "source"]) await mkdir(join(place, name));
  await symlink("/tmp", join(place, "dev"));
  await assert.rejects(run("true", { root: { ...host.root, place } }), { code: "runtime/root-unusable" });
});

const client = String.raw`
use IO::Socket::INET;
my ($line, $read) = @ARGV;
my $s = IO::Socket::INET->new("127.0.0.1:3128") or die "no proxy: $!\n";
print $s "$line\r\nHost: x\r\nConnection: close\r\n\r\n";
print $s "GET /through HTTP/1.1\r\nHost: y\r\nConnection: close\r\n\r\n" if $line =~ /^CONNECT/;
print while <$s>;
`;

test(
  "a step reaches the hosts it lists through the proxy, no others, and each request is on record",
  options,
  async () => {
    const dialled: string[] = [];
    const sandbox = await RuncSandbox.open({
      ...host.options,
      directory: join(host.top, "closed/proxied"),
      async dial(name, port) {
        dialled.push(`${name}:${port}`);
        const socket = connect(host.port, "127.0.0.1");
        await once(socket, "connect");
        return socket;
      },
    });
    const lines = [
      "GET http://listed.example/a HTTP/1.1",
      "CONNECT listed.example:443 HTTP/1.1",
      "GET http://other.example/ HTTP/1.1",
      "CONNECT listed.example:22 HTTP/1.1",
    ];
    const script = lines.map((line) => `perl -e "$CLIENT" "${line}"; echo`).join("\n");
    const spec = stepSpec({ ...host, skip }, script, {
      environment: { PATH: "/usr/bin", CLIENT: client },
      networkHosts: ["listed.example:80", "listed.example:443"],
    });
    const outcome = await sandbox.run(spec, { collect: async () => undefined });
    await sandbox[Symbol.asyncDispose]();
    assert.match(outcome.output.head, /you asked for \/a/);
    assert.match(outcome.output.head, /you asked for \/through/);
    assert.deepEqual(dialled, ["listed.example:80", "listed.example:443"]);
    assert.deepEqual(
      outcome.network.map(({ host, decision, reason }) => `${host} ${decision} ${reason}`),
      [
        "listed.example:80 allowed network/allowed",
        "listed.example:443 allowed network/allowed",
        "other.example:80 refused network/not-listed",
        "listed.example:22 refused network/not-listed",
      ],
    );
    assert.match(outcome.network[0]?.digest ?? "", /^sha256:/);
  },
);

test("a step that lists no host has no proxy at all", options, async () => {
  const outcome = await run('perl -e "$CLIENT" "GET http://listed.example/ HTTP/1.1"', {
    environment: { PATH: "/usr/bin", CLIENT: client },
  });
  assert.match(outcome.output.head, /no proxy: Connection refused/);
});

const webServer = String.raw`
use IO::Socket::INET;
my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1:8080", Listen => 5, ReuseAddr => 1) or die;
while (my $c = $s->accept) { my $l = <$c>; print $c "HTTP/1.0 200 OK\r\n\r\nserved by $$"; close $c }
`;

test("a workload answers at its address on the host, and not after it is stopped", options, async () => {
  const running = await host.sandbox.start({
    ...workloadSpec({ ...host, skip }, ""),
    command: ["perl", "-e", webServer],
  });
  let answer = "";
  for (let attempt = 0; answer === "" && attempt < 50; attempt++) {
    answer = await fetch(`http://${running.address}/`).then(
      (response) => response.text(),
      () => "",
    );
    await sleep(20);
  }
  assert.equal(answer, "served by 1");
  const seen = await host.sandbox.observe(running.pid);
  assert.match(seen?.executable ?? "", /\/usr\/bin\/perl/);
  await running.stop();
  await assert.rejects(fetch(`http://${running.address}/`));
  assert.equal(existsSync(`/proc/${running.pid}`), false);
});

test(
  "closing breaks off the step under way: a fault and no outcome, and nothing is left",
  options,
  async () => {
    const directory = join(host.top, "closed/broken-off");
    const sandbox = await RuncSandbox.open({ ...host.options, directory });
    const close = (): void => void sandbox[Symbol.asyncDispose]();
    const step = stepSpec({ ...host, skip }, "trap '' TERM; echo at work; sleep 60");
    const running = sandbox.run(step, { onOutput: close, collect: async () => undefined });
    await assert.rejects(running, { code: "runtime/closed" });
    assert.deepEqual(await readdir(directory), []);
    await assert.rejects(sandbox.run(step, { collect: async () => undefined }), { code: "runtime/closed" });
  },
);

test(
  "a workload ends with the server that is killed, and the next one removes what it left",
  options,
  async () => {
    const directory = join(host.top, "closed/killed");
    const program = join(host.top, "server.ts");
    await writeFile(program, serverProgram(directory));
    const server = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
    const [chunk] = (await once(server.stdout, "data")) as [Buffer];
    const { pid, id } = JSON.parse(chunk.toString()) as { pid: number; id: string };
    assert.ok(existsSync(`/proc/${pid}`));
    server.kill("SIGKILL");
    for (let waited = 0; existsSync(`/proc/${pid}`) && waited < 200; waited++) await sleep(10);
    assert.equal(existsSync(`/proc/${pid}`), false);
    const cgroups = await Cgroups.open();
    assert.deepEqual(await readdir(directory), [id]);
    assert.deepEqual(await cgroups.findIds(id), [id]);
    await using _next = await RuncSandbox.open({ ...host.options, directory });
    assert.deepEqual(await readdir(directory), []);
    assert.deepEqual(await cgroups.findIds(id), []);
  },
);

function serverProgram(directory: string): string {
  const spec = { ...workloadSpec({ ...host, skip }, "sleep 60 & wait") };
  return `
    import { RuncSandbox } from ${JSON.stringify(import.meta.resolve("./index.ts"))};
    const sandbox = await RuncSandbox.open({ directory: ${JSON.stringify(directory)}, clock: { now: () => Date.now() } });
    const { pid, id } = await sandbox.start(${JSON.stringify(spec)});
    console.log(JSON.stringify({ pid, id }));
    setInterval(() => {}, 1000);
  `;
}
