import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openDatabase, startPostgres } from "@custody/node/postgres";
import type { Database, EmbeddedPostgres } from "@custody/node/postgres";

import { custody } from "../demo/custody.ts";
import { makeExample } from "../demo/example.ts";
import { ask, awaitDelivery, findWorkload, readEvents, send } from "./api.testing.ts";
import { eventually, LiveServer, makeFolder, makeServerDirectory, skip } from "./live.testing.ts";
import { Variants } from "./variants.testing.ts";

describe("could not decide is not allowed", { skip }, () => {
  let folder: string;
  let directory: string;
  let postgres: EmbeddedPostgres;
  let database: Database;
  let server: LiveServer;
  let variants: Variants;

  const startDatabase = async (): Promise<void> => {
    postgres = await startPostgres({ directory: join(folder, "postgres") });
    database = openDatabase(postgres.connection);
  };
  const stopDatabase = async (): Promise<void> => {
    await database.close();
    await postgres.stop();
  };
  const startServer = async (): Promise<void> => {
    const { host, port, user, database } = postgres.connection;
    const url = `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
    server = await LiveServer.start(directory, "--database", url);
  };
  /** What a command says of the workload, with its exit code: the same question with and without a fault. */
  const run = async (...args: readonly string[]): Promise<{ exitCode: number; code: string | undefined }> => {
    const { exitCode, stdout } = await custody([...args, "--json", "--dir", directory]);
    const { error } = JSON.parse(stdout) as { error?: { code: string } };
    return { exitCode, code: error?.code };
  };
  const findPid = async (): Promise<number | undefined> =>
    (await findWorkload(server, "greeter"))?.process?.pid;

  before(async () => {
    folder = await makeFolder("undecided");
    directory = await makeServerDirectory(join(folder, "custody"));
    const example = await makeExample("greeter", folder);
    await example.commit("Greet", "ada");
    variants = await Variants.open(example);
    await startDatabase();
    await startServer();
    const signer = ["--signer", `ada=${example.keys.ada}`];
    await custody(["policy", "set", example.directory, ...signer, "--dir", directory]);
    assert.equal((await variants.deliver(server, "greeter")).phase, "done");
  });
  after(async () => {
    await server.stop();
    await stopDatabase();
    rmSync(folder, { recursive: true, force: true });
  });

  test("without its database nothing is decided, taken in or started; what runs goes on", async () => {
    const workload = await findWorkload(server, "greeter");
    const pipeline = await variants.read("custody.yaml");
    await variants.commit({ "custody.yaml": pipeline.replace("perl -c", "sleep 2; perl -c") });
    const { id } = await send(server, variants.example, "greeter");
    await awaitDelivery(server, id, ({ phase }) => phase === "steps");
    await stopDatabase();
    for (const args of [["verify", "greeter"], ["start", "greeter"], ["trace", "greeter"], ["ps"]]) {
      assert.deepEqual(await run(...args), { exitCode: 2, code: "postgres/unavailable" }, args.join(" "));
    }
    const delivered = await run("deliver", variants.example.directory, "--detach");
    assert.deepEqual(delivered, { exitCode: 2, code: "postgres/unavailable" });
    assert.equal((await fetch(`http://${workload?.process?.address}/healthz`)).status, 200);

    await startDatabase();
    const ended = await awaitDelivery(server, id);
    assert.equal(ended.phase, "done", JSON.stringify(ended.state.reasons));
    assert.equal((await run("verify", "greeter")).exitCode, 0, "the control");
  });

  test("attestations that were cut off let nothing start", async () => {
    const cut =
      "UPDATE attestation SET bytes = substring(bytes FROM 1 FOR length(bytes) - 100) WHERE step = 'build'";
    await database.query("CREATE TABLE saved AS SELECT digest, bytes FROM attestation");
    await database.query(cut);
    await server.stop();
    await startServer();
    await eventually("trouble", 20, async () => {
      const { trouble = "" } = (await findWorkload(server, "greeter")) ?? {};
      return trouble.includes("in trouble, again in") ? true : undefined;
    });
    assert.equal(await findPid(), undefined);
    assert.equal((await run("verify", "greeter")).exitCode, 2);
    assert.equal((await run("start", "greeter")).exitCode, 2);
    assert.equal(await findPid(), undefined, "nothing runs");

    await database.query("UPDATE attestation a SET bytes = s.bytes FROM saved s WHERE a.digest = s.digest");
    assert.equal((await run("verify", "greeter")).exitCode, 0, "the control");
    assert.equal((await run("start", "greeter")).exitCode, 0);
    assert.ok(await findPid());
  });

  test("a policy that cannot be read admits nothing", async () => {
    await run("stop", "greeter");
    await database.query("CREATE TABLE saved_policy AS SELECT document FROM policy");
    await database.query("UPDATE policy SET document = document || jsonb_build_object('layout', 'none')");
    const started = await run("start", "greeter");
    assert.deepEqual(started, { exitCode: 2, code: "policy/malformed" });
    const delivery = await variants.deliver(server, "greeter");
    assert.deepEqual([delivery.phase, delivery.state.reasons?.[0]?.code], ["undecided", "policy/malformed"]);
    assert.equal(await findPid(), undefined, "nothing runs");

    await database.query("UPDATE policy p SET document = s.document FROM saved_policy s");
    assert.equal((await run("start", "greeter")).exitCode, 0, "the control");
  });

  test("a log that cannot be written ends deliveries, and one without its tiles lets no server start", async () => {
    const tiles = join(directory, "log", "tile");
    await rename(tiles, `${tiles}.away`);
    await writeFile(tiles, "not a folder");
    await variants.commit({ "extra.txt": "another commit" });
    const delivery = await variants.deliver(server, "greeter");
    assert.ok(["failed", "undecided"].includes(delivery.phase), delivery.phase);
    assert.ok(delivery.state.reasons?.[0]?.code);
    await server.stop();
    await assert.rejects(startServer(), /"code": ?"(?:log|files|merkle)\//);

    await rm(tiles);
    await rename(`${tiles}.away`, tiles);
    await startServer();
    assert.equal((await variants.deliver(server, "greeter")).phase, "done", "the control");
  });

  test("a registry that fails puts a delivery off, which goes on by itself", async () => {
    const uploads = join(directory, "uploads");
    await rename(uploads, `${uploads}.away`);
    await writeFile(uploads, "not a folder");
    await variants.commit({ "extra.txt": "yet another commit" });
    const { id } = await send(server, variants.example, "greeter");
    await eventually("the delivery to be put off", 30, async () =>
      (await readEvents(server, id)).some((text) => /put off, .* registry\//.test(text)) ? true : undefined,
    );
    const waiting = (await ask(server, `GET /deliveries/${id}`)).body;
    assert.equal(waiting["phase"], "publish");
    await rm(uploads);
    await rename(`${uploads}.away`, uploads);
    assert.equal((await awaitDelivery(server, id)).phase, "done", "the control");
  });
});
