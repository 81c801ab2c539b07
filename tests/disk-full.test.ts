import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { custody } from "../demo/custody.ts";
import { makeExample } from "../demo/example.ts";
import type { ExampleRepository } from "../demo/example.ts";
import { ask, awaitDelivery, bundleOf, readEvents, send } from "./api.testing.ts";
import { eventually, makeFolder, makeServerDirectory, skip, startFor } from "./live.testing.ts";
import type { LiveServer } from "./live.testing.ts";

const mebibyte = 1024 * 1024;

describe("a full disk", { skip }, () => {
  let folder: string;
  let disk: string;
  let directory: string;
  let server: LiveServer;
  let example: ExampleRepository;

  const resize = (megabytes: number): unknown =>
    execFileSync("mount", ["-o", `remount,size=${megabytes}m`, disk], { stdio: "pipe" });
  const usedMegabytes = (): number => {
    const { blocks, bfree, bsize } = statfsSync(disk);
    return Math.ceil(((blocks - bfree) * bsize) / mebibyte);
  };

  before(async () => {
    folder = await makeFolder("disk");
    disk = join(folder, "disk");
    mkdirSync(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=3000m,mode=0711", "tmpfs", disk]);
    directory = await makeServerDirectory(join(disk, "custody"));
    example = await makeExample("greeter", folder);
    await example.commit("Greet", "ada");
    server = await startFor(example, directory);
  });
  after(async () => {
    await server.stop();
    execFileSync("umount", ["--lazy", disk]);
    rmSync(folder, { recursive: true, force: true });
  });

  test("takes nothing in, and says so", async () => {
    resize(usedMegabytes() + 100);
    const body = await bundleOf(example);
    const line = "POST /repositories/greeter/deliveries";
    const answer = await ask(server, line, { body, type: "application/x-git-bundle" });
    assert.deepEqual([answer.status, answer.code], [507, "files/disk-full"]);
    assert.match(answer.next ?? "", /free some space/);
    assert.deepEqual((await ask(server, "GET /deliveries")).body, { deliveries: [] });
  });

  test(
    "puts off what was taken in, which goes on by itself when there is room again",
    { timeout: 90_000 },
    async () => {
      // Room enough for the commit and the archive of the root file system, not for unpacking it as well.
      resize(usedMegabytes() + 270);
      const { id } = await send(server, example, "greeter");
      await eventually("the delivery to be put off", 60, async () =>
        (await readEvents(server, id)).some((text) => /put off, .*(?:disk-full|ENOSPC)/.test(text))
          ? true
          : undefined,
      );
      const { phase, state } = await awaitDelivery(server, id, () => true);
      assert.deepEqual([["stemcells", "steps"].includes(phase), state.reasons], [true, undefined]);
      resize(3000);
      const ended = await awaitDelivery(server, id);
      assert.equal(ended.phase, "done", JSON.stringify(ended.state.reasons));
      assert.equal((await custody(["verify", "greeter", "--dir", directory])).exitCode, 0);
    },
  );
});
