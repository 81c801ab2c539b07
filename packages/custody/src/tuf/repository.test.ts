import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { generateSigner } from "@custody/node/crypto";
import type { Bytes } from "custody/ground";
import { parseUtf8, utf8 } from "custody/ground";
import { Updater } from "tuf-js";

import { day, makeTufScene, targets } from "./tuf.testing.ts";
import type { TufScene } from "./tuf.testing.ts";

const top = await mkdtemp(join(tmpdir(), "custody-tuf-"));
after(() => rm(top, { recursive: true, force: true }));

/** What a stock client reads in the repository, starting from its first root, or from what it had seen before. */
async function readAsClient(
  files: ReadonlyMap<string, Bytes>,
  name: string,
  folder?: string,
): Promise<string> {
  const server = createServer((request, response) => {
    const found = files.get(decodeURIComponent((request.url ?? "/").slice(1)));
    response.statusCode = found ? 200 : 404;
    response.end(found);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const place = folder ?? (await mkdtemp(join(top, "client-")));
  const first = files.get("1.root.json");
  assert.ok(first);
  await writeFile(join(place, "root.json"), first, { flag: "wx" }).catch(() => undefined);
  try {
    const updater = new Updater({
      metadataDir: place,
      metadataBaseUrl: url,
      targetDir: place,
      targetBaseUrl: `${url}/targets`,
      config: { fetchRetry: 0 },
    });
    await updater.refresh();
    const info = await updater.getTargetInfo(name);
    assert.ok(info, `${name} is no target`);
    return await readFile(await updater.downloadTarget(info), "utf8");
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function versionsOf({ repository }: TufScene): Promise<(number | undefined)[]> {
  const { root, targets: files, snapshot, timestamp } = await repository.state();
  return [root, files, snapshot, timestamp].map((metadata) => metadata?.signed.version);
}

test("a stock client reads the targets", async () => {
  const scene = await makeTufScene();
  assert.deepEqual(await scene.repository.reconcile(targets), ["targets", "snapshot", "timestamp"]);
  for (const [name, bytes] of targets) assert.equal(await readAsClient(scene.files, name), parseUtf8(bytes));
});

test("signs nothing anew while all is good, and what is near its end before it ends", async () => {
  const scene = await makeTufScene();
  await scene.repository.reconcile(targets);
  const start = scene.clock.now();
  const rows: readonly (readonly [days: number, renewed: readonly string[]])[] = [
    [0, []],
    [0.9, []],
    [1.1, ["timestamp"]],
    [16, ["snapshot", "timestamp"]],
    [91, ["targets", "snapshot", "timestamp"]],
  ];
  for (const [days, renewed] of rows) {
    scene.clock.set(start + days * day);
    assert.deepEqual(await scene.repository.reconcile(targets), renewed, `after ${days} days`);
  }
  assert.deepEqual(await versionsOf(scene), [1, 2, 3, 4]);
});

test("a changed target is said by new versions, which a client that saw the old ones follows", async () => {
  const scene = await makeTufScene();
  await scene.repository.reconcile(targets);
  const folder = await mkdtemp(join(top, "client-"));
  assert.equal(await readAsClient(scene.files, "trusted_root.json", folder), "whom to trust");
  const changed = new Map([...targets, ["trusted_root.json", utf8("somebody else")]]);
  assert.deepEqual(await scene.repository.reconcile(changed), ["targets", "snapshot", "timestamp"]);
  assert.equal(await readAsClient(scene.files, "trusted_root.json", folder), "somebody else");
});

test("a crash at any write leaves what was in force, and the next time it is done whole", async () => {
  const changed = new Map([...targets, ["trusted_root.json", utf8("somebody else")]]);
  for (let writes = 0; writes < 4; writes++) {
    const scene = await makeTufScene();
    await scene.repository.reconcile(targets);
    scene.crashAfter(writes);
    await assert.rejects(scene.repository.reconcile(changed), /crash/);
    scene.crashAfter(Infinity);
    assert.equal(await readAsClient(scene.files, "trusted_root.json"), "whom to trust", `${writes} writes`);
    await scene.repository.reconcile(changed);
    assert.equal(await readAsClient(scene.files, "trusted_root.json"), "somebody else", `${writes} writes`);
  }
});

test("a root that lists another key for every day has all signed anew with it; clients follow", async () => {
  const scene = await makeTufScene();
  await scene.repository.reconcile(targets);
  const folder = await mkdtemp(join(top, "client-"));
  await readAsClient(scene.files, "trusted_root.json", folder);
  const fresh = await generateSigner("ed25519");
  const next = await scene.next({ online: fresh.publicKey }, [scene.rootSigner]);
  await scene.repository.acceptRoot(next.bytes);
  await assert.rejects(scene.repository.reconcile(targets), { code: "tuf/missing" });
  scene.online.push(fresh);
  assert.deepEqual(await scene.repository.reconcile(targets), ["targets", "snapshot", "timestamp"]);
  assert.equal(await readAsClient(scene.files, "trusted_root.json", folder), "whom to trust");
  assert.deepEqual(await versionsOf(scene), [2, 2, 2, 2]);
});

test("the first root stays the first", async () => {
  const scene = await makeTufScene();
  const before = scene.files.get("1.root.json");
  await scene.repository.begin(() => Promise.reject(new Error("it is not asked for")));
  assert.equal(scene.files.get("1.root.json"), before);
});
