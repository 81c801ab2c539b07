import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startServer } from "@custody/server";
import type { CustodyServer } from "@custody/server";
import {
  evidenceDrills,
  layoutDrills,
  liveDrills,
  runDrill,
  sandboxDrills,
  sourceDrills,
} from "custody/assurance";
import type { Drill, DrillResult } from "custody/assurance";
import type { Delivery } from "custody/control";
import { getState } from "custody/control";
import { CustodyError } from "custody/ground";

import { openChainScene } from "./chain-scene.ts";
import { custody, custodyOffline } from "./custody.ts";
import type { CommandResult } from "./custody.ts";
import { makeExample } from "./example.ts";
import type { ExampleRepository } from "./example.ts";
import { openLiveScene } from "./live-scene.ts";
import { letLook, showConsole } from "./look.ts";
import { Progress } from "./progress.ts";
import { openSandboxScene } from "./sandbox-scene.ts";

const repository = "hello";
const progress = new Progress();

process.exitCode = await main();

async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "custody-demo-"));
  await chmod(folder, 0o711);
  let server: CustodyServer | undefined;
  try {
    server = await progress.stage("start a server on a throw-away directory", (say) =>
      start(join(folder, "custody"), say),
    );
    return await showAll(server, folder);
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    progress.print(`custody: ${error.message} [${error.code}]${error.next ? `\n  next: ${error.next}` : ""}`);
    return 2;
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function start(directory: string, say: (line: string) => void): Promise<CustodyServer> {
  const options = { directory, listen: "127.0.0.1:0", trustDomain: "demo.custody.local", install: true };
  return startServer({ ...options, say: (line) => progress.print(`   ${line}`) }).then((server) => {
    say(`up at ${server.url}`);
    return server;
  });
}

async function showAll(server: CustodyServer, folder: string): Promise<number> {
  const dir = ["--dir", server.directory];
  const example = await progress.stage("make the example's repository, with a signed commit", () =>
    prepare(folder, dir),
  );
  const delivery = await progress.stage("deliver it: signed commit to running process", (say) =>
    deliver(example, dir, say),
  );
  await progress.stage("the way back, the way forward", () => showTraces(server, delivery, dir));
  await showConsole(server, progress);
  const results = await progress.stage(
    "attacks: each refused, and each passes with only that check off",
    (say) => drill(server, { example, delivery, folder }, say),
  );
  await letLook(server, progress);
  const archive = join(folder, "chain.tar");
  const root = join(server.directory, "trusted_root.json");
  await progress.stage("export the chain; stop the server; verify it without a network", async () => {
    await expect(custody(["export", repository, "-o", archive, ...dir]), 0);
    await server.stop();
    const verified = await expect(custodyOffline(["verify", archive, "--trusted-root", root]), 0);
    progress.print(verified.stdout.trimEnd());
  });
  progress.printTimes();
  return results.every(({ holds }) => holds) ? 0 : 1;
}

async function prepare(folder: string, dir: readonly string[]): Promise<ExampleRepository> {
  const example = await makeExample(repository, folder);
  const commit = await example.commit("Say hello", "ada");
  const set = await expect(
    custody([
      "policy",
      "set",
      example.directory,
      "--signer",
      `ada=${example.keys.ada}`,
      "--valid-for",
      "12h",
      ...dir,
    ]),
    0,
  );
  progress.print(`commit ${commit}, signed by ada\n${set.stdout.trimEnd()}`);
  return example;
}

async function deliver(
  example: ExampleRepository,
  dir: readonly string[],
  say: (line: string) => void,
): Promise<Delivery> {
  const unsigned = await example.git("rev-parse", "HEAD");
  await expect(custody(["deliver", example.directory, ...dir], say), 0);
  const { deliveries } = JSON.parse((await custody(["deliveries", "--json", ...dir])).stdout) as {
    deliveries: Delivery[];
  };
  const delivery = deliveries.find(({ commit }) => commit === unsigned);
  if (!delivery) throw new CustodyError("demo/no-delivery", "the server does not know the delivery");
  return delivery;
}

async function showTraces(server: CustodyServer, delivery: Delivery, dir: readonly string[]): Promise<void> {
  progress.print((await expect(custody(["ps", ...dir]), 0)).stdout.trimEnd());
  const workload = await server.wired.control.workloads.findWorkload(repository);
  const pid = String(workload?.process?.pid ?? "");
  progress.print(
    `\n$ custody trace ${pid}\n${(await expect(custody(["trace", pid, ...dir]), 0)).stdout.trimEnd()}`,
  );
  const forward = await expect(custody(["trace", delivery.commit, ...dir]), 0);
  progress.print(`\n$ custody trace ${delivery.commit}\n${forward.stdout.trimEnd()}`);
  const answer = await fetch(`http://${workload?.process?.address ?? ""}/`, {
    signal: AbortSignal.timeout(5000),
  });
  progress.print(`\n$ curl http://${workload?.process?.address ?? ""}/\n${(await answer.text()).trimEnd()}`);
}

interface Scenes {
  readonly example: ExampleRepository;
  readonly delivery: Delivery;
  readonly folder: string;
}

async function drill(
  server: CustodyServer,
  { example, delivery, folder }: Scenes,
  say: (line: string) => void,
): Promise<readonly DrillResult[]> {
  const image = getState(delivery, "image");
  const chain = await openChainScene(server, example, { repository, image });
  const results: DrillResult[] = [];
  const runAll = async <Scene>(drills: readonly Drill<Scene>[], scene: Scene): Promise<void> => {
    for (const one of drills) {
      if (process.stdout.isTTY) say(one.name);
      const result = await runDrill(one, scene);
      results.push(result);
      progress.print(lineOf(result));
    }
  };
  await runAll([...sourceDrills, ...evidenceDrills, ...layoutDrills], chain);
  await runAll(liveDrills, openLiveScene(server, delivery));
  await runAll(sandboxDrills, await openSandboxScene(server, delivery, folder));
  const held = results.filter(({ holds }) => holds).length;
  progress.print(
    `${held} of ${results.length} attacks refused for the right reason, with their controls passing`,
  );
  return results;
}

function lineOf({ name, code, refusedWith, control, holds }: DrillResult): string {
  const refusal = refusedWith.includes(code)
    ? code
    : `NOT REFUSED WITH ${code} but ${refusedWith.join(", ") || "allowed"}`;
  const arm = control === "passed" ? "passes without" : `CONTROL REFUSED: ${control.join(", ")}`;
  return `${holds ? "✓" : "✗"} ${name.padEnd(77)} ${refusal.padEnd(32)} ${arm}`;
}

async function expect(running: Promise<CommandResult>, exitCode: number): Promise<CommandResult> {
  const result = await running;
  if (result.exitCode === exitCode) return result;
  throw new CustodyError(
    "demo/failed",
    `a command ended with ${result.exitCode}, not ${exitCode}: ${result.stdout}`,
  );
}
