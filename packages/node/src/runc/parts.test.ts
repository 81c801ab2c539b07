import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { test } from "node:test";

import { findFaultCode, parseDigest } from "custody/ground";

import { HolderProcess } from "./holder-process.ts";
import { IdBlocks } from "./id-blocks.ts";
import { OutputKeeper } from "./output-keeper.ts";
import { dialPublic, isPrivateAddress, PrivateAddressError } from "./proxy-address.ts";
import type { StageOptions } from "./stage.ts";
import { findStagePlace, planStage } from "./stage.ts";

test("blocks of ids never overlap each other, the host's users, or what /etc/subuid gives away", () => {
  const blocks = new IdBlocks(0, "somebody:300000:65536\nodd line\n");
  const taken = Array.from({ length: 64 }, () => blocks.take());
  assert.equal(new Set(taken).size, 64);
  for (const first of taken) assert.ok(first >= 365_536 && first + 65_536 < 2 ** 32);
  assert.throws(
    () => blocks.take(),
    (error) => findFaultCode(error) === "runtime/too-many-sandboxes",
  );
  blocks.release(taken[5] ?? 0);
  assert.equal(blocks.take(), taken[5]);
});

test("two owners start at different blocks", () => {
  assert.notEqual(new IdBlocks(1, "").take(), new IdBlocks(2, "").take());
});

test("keeps the beginning and the end of an output, and counts all of it", () => {
  const keeper = new OutputKeeper();
  keeper.add(Buffer.from("begin"));
  for (let i = 0; i < 100; i++) keeper.add(Buffer.alloc(5000, 97 + (i % 26)));
  keeper.add(Buffer.from("the end"));
  const { head, tail, totalBytes } = keeper.summary();
  assert.equal(totalBytes, 500_012);
  assert.equal(head.length, 32_768);
  assert.equal(tail.length, 32_768);
  assert.ok(head.startsWith("begin") && tail.endsWith("the end"));
});

test("knows the addresses that are not of the public Internet, this host's own among them", () => {
  const own = Object.values(networkInterfaces())
    .flat()
    .map((entry) => entry?.address ?? "127.0.0.1");
  const closed = `127.0.0.1 127.9.9.9 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1
    255.255.255.255 ::1 :: fe80::1 fd00::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::a00:1 2002:a00:1::`;
  for (const address of [...closed.split(/\s+/), ...own])
    assert.equal(isPrivateAddress(address), true, address);
  for (const address of ["1.1.1.1", "172.32.0.1", "2606:4700::1111"]) {
    assert.equal(isPrivateAddress(address), false, address);
  }
});

test("does not connect to a name that resolves to this host", async () => {
  await assert.rejects(dialPublic("localhost", 80), PrivateAddressError);
});

const tree = { digest: parseDigest(`sha256:${"0".repeat(64)}`), place: "/srv/tree" };
const stageOptions: StageOptions = {
  place: "/mnt",
  root: tree,
  trees: { "/source": tree, "/inputs/build": tree, "/inputs/docs": tree },
  workBytes: 1000,
  firstId: 300_000,
  without: [],
  signingKeyFile: "/keys/key",
};

test("every tree is bound read-only, all inputs below one mount, /work belongs to the sandbox's user", () => {
  const { mounts, binds, copies } = planStage(stageOptions);
  assert.deepEqual(
    binds.map(({ destination, writable }) => [destination, writable]),
    [
      ["/source", false],
      ["/inputs", false],
      ["/work", true],
    ],
  );
  assert.deepEqual(copies, []);
  assert.equal(mounts.filter((args) => args.join(" ").startsWith("--bind -o ro ")).length, 4);
  assert.match(mounts.at(-1)?.join(" ") ?? "", /size=1000,.*uid=301000,gid=301000/);
});

test("a key leaves the host only in the drill that is about it", () => {
  const { copies, binds } = planStage({ ...stageOptions, without: ["signing-key"] });
  assert.deepEqual(copies, [{ from: "/keys/key", to: "keys/signing-key", owner: 301_000 }]);
  assert.deepEqual(binds.at(-1), { source: "/mnt/keys", destination: "/srv", writable: false });
});

test("the stage covers no directory that it needs something from", async () => {
  assert.equal(await findStagePlace(["/var/lib/custody"]), "/mnt");
  assert.notEqual(await findStagePlace(["/mnt/data/custody"]), "/mnt");
  const all = ["/mnt/a", "/srv/a", "/media/a", "/opt/a"];
  await assert.rejects(findStagePlace(all), (error) => findFaultCode(error) === "runtime/start-failed");
});

test("a holder that cannot be started is a fault, not a crash", async () => {
  const holder = HolderProcess.start({ directory: "/no/such/directory", ownNetwork: true });
  await assert.rejects(
    holder.ask({ kind: "run", command: "true", args: [] }),
    (error) => findFaultCode(error) === "runtime/start-failed",
  );
  await holder.gone;
});
