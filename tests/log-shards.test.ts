import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { openTileClient } from "@custody/node/tile-client";
import { parseTrustedRoot } from "custody/evidence";
import { parseJson, parseUtf8 } from "custody/ground";
import { verifyWholeLog } from "custody/log";
import { verifierKeyOf, verifyCheckpoint } from "custody/note";

import { custody } from "../demo/custody.ts";
import { makeExample } from "../demo/example.ts";
import type { ExampleRepository } from "../demo/example.ts";
import { awaitDelivery, send } from "./api.testing.ts";
import { LiveServer, makeFolder, makeServerDirectory, skip, startFor } from "./live.testing.ts";
import { makeRequestSigner, RekorLoad } from "./rekor-load.testing.ts";

const deadline = { timeout: 120_000 };

describe("a log in shards", { skip }, () => {
  let folder: string;
  let directory: string;
  let server: LiveServer;
  let example: ExampleRepository;
  const chain = (): string => join(folder, "chain.tar");

  before(async () => {
    folder = await makeFolder("shards");
    directory = await makeServerDirectory(join(folder, "custody"));
    example = await makeExample("greeter", folder);
    await example.commit("Greet", "ada");
    server = await startFor(example, directory);
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function deliver(): Promise<readonly [phase: string, codes: string]> {
    const { id } = await send(server, example, "greeter");
    const { phase, state } = await awaitDelivery(server, id);
    return [phase, (state.reasons ?? []).map(({ code }) => code).join(" ")];
  }

  async function run(...args: readonly string[]): Promise<string> {
    const { exitCode, stdout } = await custody([...args, "--dir", directory]);
    assert.equal(exitCode, 0, `${args.join(" ")}: ${stdout}`);
    return stdout;
  }

  async function readRoot() {
    const answer = await fetch(`${server.url}/trusted_root.json`);
    return parseTrustedRoot(parseJson(new Uint8Array(await answer.arrayBuffer())));
  }

  /** How many entries a shard has, each of them verified. */
  async function verifyShard(at: number): Promise<number> {
    const { origin, publicKey } = (await readRoot()).logs.at(at)!;
    const tiles = openTileClient(`${server.url}/log/shards/${origin}`);
    const note = parseUtf8((await tiles.read("checkpoint"))!);
    const logKey = verifierKeyOf(nodeCrypto, origin, "ed25519", publicKey);
    const checkpoint = await verifyCheckpoint(nodeCrypto, note, { origin, logKey });
    await verifyWholeLog({ hasher: nodeCrypto, tiles, checkpoint });
    return checkpoint.size;
  }

  test("a delivery into the first shard, which is longer than the next will be", deadline, async () => {
    const load = new RekorLoad(server.url, 8);
    const sign = makeRequestSigner("dsse");
    await Promise.all(Array.from({ length: 300 }, (_, i) => load.post(sign(`entry ${i}`))));
    load.close();
    assert.deepEqual(await deliver(), ["done", ""]);
    await run("export", "greeter", "--output", chain());
    assert.ok((await verifyShard(0)) > 300);
  });

  test("the server must not run when its log's key is retired", deadline, async () => {
    const { exitCode } = await custody(["trust", "rotate-key", "log", "--dir", directory]);
    assert.equal(exitCode, 2);
    await server.stop();
    await run("trust", "rotate-key", "log");
    server = await LiveServer.start(directory);
    const { logs } = await readRoot();
    assert.deepEqual(
      logs.map(({ origin, validFor }) => [origin, validFor.end === undefined]),
      [
        ["log.live.test", false],
        ["log-2.live.test", true],
      ],
    );
  });

  test("what runs goes on, and what the ended shard proves is as good as before", deadline, async () => {
    await run("verify", "greeter");
    const root = ["--trusted-root", join(directory, "trusted_root.json")];
    assert.equal((await custody(["verify", chain(), ...root])).exitCode, 0);
    assert.ok((await verifyShard(0)) > 300);
  });

  test("a later commit is later, though its place in its shard is a smaller one", deadline, async () => {
    await example.write("VERSION", "2\n");
    await example.commit("Greet again", "ada");
    assert.deepEqual(await deliver(), ["done", ""]);
    assert.ok((await verifyShard(1)) < 300);
    await run("verify", "greeter");
  });

  test(
    "the older commit does not come back, though its place in its shard is a larger one",
    deadline,
    async () => {
      await example.git("reset", "--quiet", "--hard", "HEAD~1");
      assert.deepEqual(await deliver(), ["refused", "gate/rolled-back"]);
    },
  );

  test("a start that finds the shard long enough begins the next", deadline, async () => {
    await server.stop();
    server = await LiveServer.start(directory, "--log-shard-size", "5");
    assert.equal((await readRoot()).logs.at(-1)?.origin, "log-3.live.test");
    const load = new RekorLoad(server.url, 1);
    const answer = JSON.parse(await load.post(makeRequestSigner("dsse")("new"))) as {
      readonly logIndex: string;
    };
    load.close();
    assert.equal(Number(answer.logIndex), (await verifyShard(2)) - 1);
    assert.equal((await fetch(`${server.url}/log/shards/other.test/checkpoint`)).status, 404);
  });
});
