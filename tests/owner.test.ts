import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { custody } from "../demo/custody.ts";
import { makeExample } from "../demo/example.ts";
import type { ExampleRepository } from "../demo/example.ts";
import { awaitDelivery, readEvents, send } from "./api.testing.ts";
import { findCgroups, findDescendants, isAlive } from "./leftovers.testing.ts";
import { eventually, LiveServer, makeFolder, makeServerDirectory, skip, startFor } from "./live.testing.ts";

const promptSeconds = 10;

describe("one server owns a directory", { skip }, () => {
  let folder: string;
  let directory: string;
  let server: LiveServer;
  let example: ExampleRepository;

  before(async () => {
    folder = await makeFolder("owner");
    directory = await makeServerDirectory(join(folder, "custody"));
    example = await makeExample("greeter", folder);
    const pipeline = await readFile(join(example.directory, "custody.yaml"), "utf8");
    await example.write("custody.yaml", pipeline.replace("perl -c", "echo at work; sleep 300; perl -c"));
    await example.commit("Work for minutes", "ada");
    server = await startFor(example, directory);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a second one is refused, told who the owner is and what to do", async () => {
    const said: string[] = [];
    const second = await custody(["up", "--no-install", "--dir", directory], (line) => said.push(line));
    assert.equal(second.exitCode, 2);
    assert.match(said.join("\n"), new RegExp(`process ${server.pid} already runs .*\\[files/locked\\]`));
    assert.match(said.join("\n"), /next: {2}stop it first, or use another directory/);
    const asJson = await custody(["up", "--json", "--no-install", "--dir", directory]);
    const { error } = JSON.parse(asJson.stdout) as { error: { code: string } };
    assert.equal(error.code, "files/locked");
    assert.ok(server.isAlive);
  });

  test("a port that another program has is named, and nothing is left running", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const listen = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    const args = ["up", "--json", "--no-install", "--dir", join(folder, "elsewhere"), "--listen", listen];
    const { exitCode, stdout } = await custody(args);
    other.close();
    assert.equal(exitCode, 2);
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string; next: string } };
    assert.equal(error.code, "server/port-taken");
    assert.ok(error.message.includes(listen));
    assert.match(error.next, /--listen/);
  });

  test("places that are none, and a domain that is another's, are refused", async () => {
    const codes = [];
    for (const args of [
      ["--listen", "nowhere"],
      ["--listen", "127.0.0.1:99999"],
      ["--trust-domain", "Not A Domain"],
    ]) {
      const { exitCode, stdout } = await custody(["up", "--json", "--no-install", "--dir", folder, ...args]);
      assert.equal(exitCode, 2, args.join(" "));
      codes.push((JSON.parse(stdout) as { error: { code: string } }).error.code);
    }
    assert.deepEqual(codes, ["server/listen", "server/listen", "spiffe/trust-domain"]);
  });

  test("it stops promptly in the middle of a step, and the next one goes on with the delivery", async () => {
    const { id } = await send(server, example, "greeter");
    const isAtWork = (): Promise<true | undefined> =>
      readEvents(server, id).then((events) =>
        events.some((text) => text.includes("at work")) ? true : undefined,
      );
    await eventually("the step", 60, isAtWork);
    const old = findDescendants(server.pid);
    const { exitCode, seconds } = await server.stop();
    assert.equal(exitCode, 0);
    assert.ok(seconds < promptSeconds, `it took ${seconds} s`);
    assert.deepEqual(old.filter(isAlive), []);
    assert.deepEqual(findCgroups(directory), []);

    server = await LiveServer.start(directory);
    const delivery = await awaitDelivery(server, id, () => true);
    assert.equal(delivery.phase, "steps");
    assert.equal(delivery.state.reasons, undefined);
    await eventually("the step, once more", 60, async () => {
      const events = await readEvents(server, id);
      return events.filter((text) => text.includes("at work")).length === 2 ? true : undefined;
    });
  });
});
