import assert from "node:assert/strict";
import { test } from "node:test";

import { generateSigner } from "@custody/node/crypto";
import type { Bytes } from "custody/ground";
import { parseUtf8, utf8 } from "custody/ground";

import { makeClientFolder, readAsClient } from "./stock-client.testing.ts";
import { day, makeTufScene, targets } from "./tuf.testing.ts";
import type { TufScene } from "./tuf.testing.ts";

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
  const folder = await makeClientFolder();
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
  const folder = await makeClientFolder();
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

/** The second root, which changes nothing, and a snapshot that follows the first. */
async function makeUsedScene(): Promise<TufScene> {
  const scene = await makeTufScene();
  await scene.repository.reconcile(targets);
  await scene.repository.acceptRoot((await scene.next({}, [scene.rootSigner])).bytes);
  scene.clock.set(scene.clock.now() + 16 * day);
  await scene.repository.reconcile(targets);
  return scene;
}

type Damage = (bytes: Bytes, files: Map<string, Bytes>) => Bytes | undefined;
const kinds = {
  truncated: (bytes) => bytes.slice(0, 20),
  altered: (bytes) => utf8(parseUtf8(bytes).replace(/"version": (\d+)/, '"version": 1$1')),
  spaced: (bytes) => utf8(`${parseUtf8(bytes)} `),
  absent: () => undefined,
} satisfies Record<string, Damage>;

function damage({ files }: TufScene, name: string, kind: Damage): void {
  const bytes = files.get(name);
  assert.ok(bytes, name);
  const left = kind(bytes, files);
  if (left) files.set(name, left);
  else files.delete(name);
}

test("damaged metadata are named, and signed anew for clients that saw those before", async () => {
  const rows: readonly (readonly [name: string, renewed: readonly string[]])[] = [
    ["timestamp.json", ["timestamp"]],
    ["2.snapshot.json", ["snapshot", "timestamp"]],
    ["1.targets.json", ["targets", "snapshot", "timestamp"]],
  ];
  for (const [name, renewed] of rows) {
    for (const [what, kind] of Object.entries(kinds)) {
      // A space changes no timestamp: nothing says which bytes it has.
      if (name === "timestamp.json" && what === "spaced") continue;
      const scene = await makeUsedScene();
      const folder = await makeClientFolder();
      await readAsClient(scene.files, "trusted_root.json", folder);
      assert.deepEqual(await scene.repository.findDamage(), [], "the control");
      assert.deepEqual(await scene.repository.reconcile(targets), [], "the control");
      damage(scene, name, kind);
      const said = `${name} ${what}`;
      assert.deepEqual(
        (await scene.repository.findDamage()).map(({ code, subject }) => [code, subject]),
        [["tuf/damaged", name]],
        said,
      );
      await assert.rejects(scene.repository.state(), { code: "tuf/damaged", subject: name }, said);
      assert.deepEqual(await scene.repository.reconcile(targets), renewed, said);
      assert.deepEqual(await scene.repository.findDamage(), [], said);
      const changed = new Map([...targets, ["trusted_root.json", utf8("somebody else")]]);
      await scene.repository.reconcile(changed);
      assert.equal(await readAsClient(scene.files, "trusted_root.json", folder), "somebody else", said);
    }
  }
});

test("an older snapshot in the place of a newer one is no newer one", async () => {
  const scene = await makeUsedScene();
  damage(scene, "timestamp.json", kinds.absent);
  damage(scene, "2.snapshot.json", (_bytes, files) => files.get("1.snapshot.json"));
  await scene.repository.reconcile(targets);
  const [, , snapshot] = await versionsOf(scene);
  assert.equal(snapshot, 3);
});

test("a damaged target is written anew", async () => {
  const scene = await makeUsedScene();
  const name = [...scene.files.keys()].find((each) => each.endsWith(".trusted_root.json")) ?? "";
  damage(scene, name, kinds.truncated);
  assert.deepEqual(await scene.repository.reconcile(targets), []);
  assert.equal(await readAsClient(scene.files, "trusted_root.json"), "whom to trust");
});

test("a damaged root is named and left; only the newest keeps the rest from being signed", async () => {
  for (const kind of [kinds.truncated, kinds.altered, kinds.absent]) {
    const scene = await makeUsedScene();
    damage(scene, "1.root.json", kind);
    const found = await scene.repository.findDamage();
    assert.deepEqual(
      found.map(({ subject }) => subject),
      ["1.root.json"],
    );
    scene.clock.set(scene.clock.now() + 2 * day);
    assert.deepEqual(await scene.repository.reconcile(targets), ["timestamp"]);
    await scene.repository.begin(() => Promise.reject(new Error("it is not asked for")));
    if (kind === kinds.absent) continue;
    damage(scene, "2.root.json", kind);
    const expected = { code: "tuf/damaged", subject: "2.root.json" };
    await assert.rejects(scene.repository.reconcile(targets), expected);
    await assert.rejects(scene.repository.state(), expected);
  }
});

test("the first root stays the first", async () => {
  const scene = await makeTufScene();
  const before = scene.files.get("1.root.json");
  await scene.repository.begin(() => Promise.reject(new Error("it is not asked for")));
  assert.equal(scene.files.get("1.root.json"), before);
});
