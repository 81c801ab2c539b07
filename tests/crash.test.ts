import assert from "node:assert/strict";
import { globSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import type { Delivery } from "custody/control";
import { handOffPhases } from "custody/control";

import { custody } from "../demo/custody.ts";
import { makeExample } from "../demo/example.ts";
import type { ExampleRepository } from "../demo/example.ts";
import { ask, awaitDelivery, findWorkload, readEvents, send } from "./api.testing.ts";
import { findCgroups, findDescendants, findMounts, isAlive } from "./leftovers.testing.ts";
import { eventually, LiveServer, makeFolder, makeServerDirectory, skip, startFor } from "./live.testing.ts";
import { Monitor } from "./monitor.testing.ts";

/** A moment in a delivery's life, by what its row says. */
interface Moment {
  readonly name: string;
  readonly phase: Delivery["phase"];
  readonly isNow: (delivery: Delivery, server: LiveServer) => boolean | Promise<boolean>;
}

const inPhase = (phase: Delivery["phase"]): Moment => ({ name: phase, phase, isNow: () => true });
const moments: readonly Moment[] = [
  { ...inPhase("source"), name: "just after it was taken in" },
  inPhase("source"),
  inPhase("stemcells"),
  {
    name: "while a step works",
    phase: "steps",
    isNow: async ({ id }, server) => (await readEvents(server, id)).some((text) => text.includes("at work")),
  },
  {
    name: "right after a step's attestation was logged",
    phase: "steps",
    isNow: ({ state }) => state.steps?.["build"] !== undefined,
  },
  inPhase("package"),
  inPhase("publish"),
  inPhase("gate"),
  inPhase("run"),
  {
    name: "while the workload starts",
    phase: "run",
    isNow: (_delivery, server) =>
      findDescendants(server.pid).some(({ command }) => command.includes("/app/greeter")),
  },
];

describe("kill -9", { skip }, () => {
  let folder: string;
  let directory: string;
  let server: LiveServer;
  let example: ExampleRepository;
  const monitor = new Monitor();

  before(async () => {
    folder = await makeFolder("crash");
    directory = await makeServerDirectory(join(folder, "custody"));
    example = await makeExample("greeter", folder);
    await slowDown(example);
    await example.commit("Work slowly", "ada");
    server = await startFor(example, directory);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Kills the server, starts it again, and holds what was acknowledged against what is there. */
  async function crash(): Promise<void> {
    const policy = await ask(server, "GET /repositories/greeter/policy");
    await monitor.remember(server);
    const old = findDescendants(server.pid);
    await server.kill();
    await eventually("the end of every process of the killed server", 10, async () =>
      old.some(isAlive) ? undefined : true,
    );
    assert.deepEqual(findMounts(folder), []);
    server = await LiveServer.start(directory);
    assert.equal((await monitor.check(server)).kind, "allowed");
    assert.deepEqual((await ask(server, "GET /repositories/greeter/policy")).body, policy.body);
  }

  test(
    "a delivery goes on by itself, however often the server is killed on its way",
    { timeout: 150_000 },
    async () => {
      const { id } = await send(server, example, "greeter");
      const seen: Delivery["phase"][] = [];
      for (const moment of moments) {
        const isOver = ({ phase }: Delivery): boolean => orderOf(phase) > orderOf(moment.phase);
        const killed = await eventually(moment.name, 60, async () => {
          const delivery = await awaitDelivery(
            server,
            id,
            ({ phase }) => orderOf(phase) >= orderOf(moment.phase),
          );
          return isOver(delivery) || (await moment.isNow(delivery, server)) ? delivery : undefined;
        });
        seen.push(killed.phase);
        await crash();
        const kept = await awaitDelivery(server, id, () => true);
        assert.ok(
          orderOf(kept.phase) >= orderOf(killed.phase),
          `${moment.name}: ${killed.phase} became ${kept.phase}`,
        );
        const acknowledged = killed.state.attestations ?? [];
        assert.deepEqual(kept.state.attestations?.slice(0, acknowledged.length) ?? [], acknowledged);
      }
      assert.deepEqual([...new Set(seen)], [...handOffPhases], "it was killed in every phase");
      const ended = await awaitDelivery(server, id);
      assert.equal(ended.phase, "done", JSON.stringify(ended.state.reasons));
      assert.equal((await custody(["verify", "greeter", "--dir", directory])).exitCode, 0);
    },
  );

  test("the workload runs again as a new process, under an admission that is verified", async () => {
    const first = await findWorkload(server, "greeter");
    const groups = findCgroups(directory);
    assert.equal(groups.length, 1, "one workload, and nothing of those that were killed");
    await crash();
    const again = await eventually("the workload", 30, async () => {
      const found = await findWorkload(server, "greeter");
      return found?.process ? found : undefined;
    });
    assert.notEqual(again.process?.pid, first?.process?.pid);
    assert.equal(again.process?.image, first?.process?.image);
    const answer = await fetch(`http://${again.process?.address}/`);
    assert.equal(await answer.text(), "Good day.\n");
    assert.notDeepEqual(findCgroups(directory), groups);
    const traced = await custody(["trace", String(again.process?.pid), "--json", "--dir", directory]);
    const { handOffs } = JSON.parse(traced.stdout) as { handOffs: { step: string }[] };
    assert.ok(
      handOffs.some(({ step }) => step === "source"),
      "the process leads back to its commit",
    );
  });

  test("PostgreSQL comes back when it is killed, and what runs goes on", async () => {
    const before = await findWorkload(server, "greeter");
    const [file = ""] = globSync(join(directory, "postgres/**/postmaster.pid"));
    const pid = Number(readFileSync(file, "utf8").split("\n", 1)[0]);
    const postmaster = findDescendants(server.pid).find((found) => found.pid === pid);
    assert.ok(postmaster, "PostgreSQL is the server's own");
    process.kill(pid, "SIGKILL");
    const program = readFileSync(join(example.directory, "greeter.pl"), "utf8");
    await example.write("greeter.pl", program.replace("Good day.", "Good day. Good night."));
    await example.commit("Say it at night", "ada");
    const { id } = await eventually("a database that takes deliveries", 30, () =>
      send(server, example, "greeter").catch(() => undefined),
    );
    assert.equal((await findWorkload(server, "greeter"))?.process?.pid, before?.process?.pid);
    assert.equal(isAlive(postmaster), false);
    const ended = await awaitDelivery(server, id);
    assert.equal(ended.phase, "done", JSON.stringify(ended.state.reasons));
    const after = await findWorkload(server, "greeter");
    assert.equal(await (await fetch(`http://${after?.process?.address}/`)).text(), "Good day. Good night.\n");
  });

  test("nothing is left when the server has stopped", async () => {
    const old = findDescendants(server.pid);
    assert.equal((await server.stop()).exitCode, 0);
    assert.deepEqual(old.filter(isAlive), []);
    assert.deepEqual(findCgroups(directory), []);
    assert.deepEqual(findMounts(folder), []);
  });
});

function orderOf(phase: Delivery["phase"]): number {
  const order = (handOffPhases as readonly string[]).indexOf(phase);
  return order < 0 ? handOffPhases.length : order;
}

// Slow enough to be killed at each moment.
async function slowDown(example: ExampleRepository): Promise<void> {
  const read = (name: string): string => readFileSync(join(example.directory, name), "utf8");
  const pipeline = read("custody.yaml");
  await example.write("custody.yaml", pipeline.replace("perl -c", "echo at work; sleep 1; perl -c"));
  await example.write("greeter.pl", read("greeter.pl").replace("my $port", "sleep 1;\nmy $port"));
}
