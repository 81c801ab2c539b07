import assert from "node:assert/strict";
import { test } from "node:test";

import { generateSigner } from "@custody/node/crypto";
import { utf8 } from "custody/ground";

import { roleNames } from "../metadata.ts";
import { refreshTuf } from "./index.ts";
import { tufLimits } from "./limits.ts";
import { day, makeRepository } from "./client.testing.ts";
import type { Signed, TestRepository } from "./client.testing.ts";

type OtherRole = "timestamp" | "snapshot" | "targets";
const otherRoles: readonly OtherRole[] = ["timestamp", "snapshot", "targets"];

/** That a refresh is refused for that, and leaves these roles in these versions. */
async function refuses(repository: TestRepository, code: string, trusted?: Readonly<Record<string, number>>) {
  await assert.rejects(refreshTuf(repository.ports), { code });
  if (trusted) assert.deepEqual(versionsOf(repository), trusted);
}

function versionsOf({ trusted }: TestRepository): Readonly<Record<string, number>> {
  const versions = [...trusted].map(([role, bytes]) => {
    const { signed } = JSON.parse(Buffer.from(bytes).toString()) as { signed: { version: number } };
    return [role, signed.version] as const;
  });
  return Object.fromEntries(versions);
}

/** What is trusted when everything before that role was good. */
function before(role: OtherRole, old: number | undefined, now: number): Readonly<Record<string, number>> {
  const versions: Record<string, number> = { root: 1 };
  for (const [i, each] of otherRoles.entries()) {
    const version = i < otherRoles.indexOf(role) ? now : old;
    if (version !== undefined) versions[each] = version;
  }
  return versions;
}

function bendOnly(role: string, change: (signed: Signed) => void): TestRepository["bend"] {
  return (each, signed) => {
    if (each === role) change(signed);
  };
}

for (const [isConsistent, prefix] of [
  [true, "1."],
  [false, ""],
] as const) {
  test(`asks for each file once, by its name where snapshots are ${isConsistent ? "" : "not "}consistent`, async () => {
    const repository = await makeRepository();
    repository.isConsistent = isConsistent;
    await repository.publishRoot();
    await repository.publish();
    const view = await refreshTuf(repository.ports);
    const asked = [
      "2.root.json",
      "3.root.json",
      "timestamp.json",
      `${prefix}snapshot.json`,
      `${prefix}targets.json`,
    ];
    assert.deepEqual(repository.requests.splice(0), asked);
    assert.deepEqual(view.targets.bytes, repository.trusted.get("targets"));
    for (const role of roleNames) assert.equal(view[role].signed.version, role === "root" ? 2 : 1);
    await refreshTuf(repository.ports);
    assert.deepEqual(
      repository.requests,
      ["3.root.json", "timestamp.json"],
      "what is trusted is not asked for",
    );
    repository.requests.length = 0;
    await repository.publishNext();
    await refreshTuf(repository.ports);
    assert.deepEqual(versionsOf(repository), { root: 2, snapshot: 2, targets: 2, timestamp: 2 });
  });
}

test("each role's metadata must be signed, unexpired, of its kind and there; what came before stays trusted", async () => {
  const spoil: Readonly<Record<string, (repository: TestRepository, role: OtherRole) => unknown>> = {
    "tuf/threshold": async ({ signers }, role) => (signers[role] = [await generateSigner("ed25519")]),
    "tuf/expired": (repository, role) =>
      (repository.bend = bendOnly(role, (signed) =>
        Object.assign(signed, { expires: "2020-01-01T00:00:00Z" }),
      )),
    "tuf/malformed": (repository, role) =>
      (repository.bend = bendOnly(role, (signed) => Object.assign(signed, { _type: "root" }))),
  };
  const rows = otherRoles.flatMap((role) => [undefined, 1].map((old) => ({ role, old })));
  for (const [code, act] of Object.entries(spoil)) {
    for (const { role, old } of rows) {
      const repository = await makeRepository();
      if (old) await refreshTuf(repository.ports);
      await act(repository, role);
      await repository.publishNext();
      await refuses(repository, code, before(role, old, 2));
    }
  }
  const repository = await makeRepository();
  await repository.publishNext();
  await refreshTuf(repository.ports);
});

test("a file that is not there is refused, and so is one that its role was not signed for", async () => {
  for (const role of otherRoles) {
    const repository = await makeRepository();
    const name = role === "timestamp" ? "timestamp.json" : `1.${role}.json`;
    const good = repository.files.get(name)!;
    repository.files.delete(name);
    await refuses(repository, "tuf/missing", before(role, undefined, 1));
    if (role !== "timestamp") {
      repository.files.set(name, utf8(`${Buffer.from(good).toString()} `));
      await refuses(repository, "tuf/limit", before(role, undefined, 1));
      repository.files.set(
        name,
        utf8(
          Buffer.from(good)
            .toString()
            .replace(/"sig":"./, '"sig":"x'),
        ),
      );
      await refuses(repository, "tuf/mismatch", before(role, undefined, 1));
    }
    repository.files.set(name, good);
    await refreshTuf(repository.ports);
  }
});

test("where lengths are not signed, files have an end all the same", async () => {
  const limits = {
    timestamp: tufLimits.timestampBytes,
    snapshot: tufLimits.snapshotBytes,
    targets: tufLimits.targetsBytes,
  };
  for (const role of otherRoles) {
    const repository = await makeRepository();
    repository.hasHashes = false;
    repository.bend = bendOnly(role, (signed) => Object.assign(signed, { x: "x".repeat(limits[role]) }));
    await repository.publish();
    await refuses(repository, "tuf/limit", before(role, undefined, 1));
    repository.bend = bendOnly(role, (signed) =>
      Object.assign(signed, { x: "x".repeat(limits[role] - 2000) }),
    );
    await repository.publish();
    await refreshTuf(repository.ports);
  }
});

test("a version other than the one that was signed for is refused", async () => {
  for (const role of ["snapshot", "targets"] as const) {
    for (const version of [1, 3]) {
      const repository = await makeRepository();
      repository.bend = bendOnly(role, (signed) => Object.assign(signed, { version }));
      await repository.publishNext();
      await refuses(repository, "tuf/version", before(role, undefined, 2));
    }
  }
});

test("nothing goes back to an older version, with hashes or without", async () => {
  for (const hasHashes of [true, false]) {
    for (const role of otherRoles) {
      const repository = await makeRepository();
      repository.hasHashes = hasHashes;
      Object.assign(repository.versions, { timestamp: 5, snapshot: 5, targets: 5 });
      await repository.publish();
      await refreshTuf(repository.ports);
      Object.assign(repository.versions, { timestamp: 6, snapshot: 6, targets: 6, [role]: 4 });
      await repository.publish();
      await refuses(repository, "tuf/rollback");
      Object.assign(repository.versions, { timestamp: 7, [role]: 7 });
      await repository.publish();
      await refreshTuf(repository.ports);
    }
  }
});

test("a timestamp of the same version changes nothing, whatever else it says", async () => {
  const repository = await makeRepository();
  await refreshTuf(repository.ports);
  const trusted = repository.trusted.get("timestamp");
  repository.versions.snapshot = 2;
  await repository.publish();
  const view = await refreshTuf(repository.ports);
  assert.equal(view.snapshot.signed.version, 1);
  assert.deepEqual(repository.trusted.get("timestamp"), trusted);
});

test("what is trusted ends too", async () => {
  const repository = await makeRepository();
  repository.hasHashes = false;
  await repository.publish();
  await refreshTuf(repository.ports);
  repository.clock.set(repository.clock.now() + 11 * day);
  await repository.publishRoot();
  await refuses(repository, "tuf/expired");
  repository.versions.timestamp++;
  repository.files.set("timestamp.json", await stampAnew(repository));
  await refuses(repository, "tuf/expired");
  await repository.publishNext();
  await refreshTuf(repository.ports);
});

/** A later timestamp of the old snapshot. */
async function stampAnew(repository: TestRepository): Promise<Uint8Array<ArrayBuffer>> {
  const old = new Map(repository.files);
  await repository.publish();
  const timestamp = repository.files.get("timestamp.json")!;
  for (const [name, bytes] of old) repository.files.set(name, bytes);
  return timestamp;
}

test("a snapshot may not leave out a role that was there", async () => {
  const repository = await makeRepository();
  repository.delegates.set("other", {});
  await repository.publish();
  await refreshTuf(repository.ports);
  const other = repository.delegates.get("other")!;
  repository.delegates.delete("other");
  await repository.publishNext();
  await refuses(repository, "tuf/rollback", { root: 1, snapshot: 1, targets: 1, timestamp: 2 });
  repository.delegates.set("other", other);
  await repository.publishNext();
  await refreshTuf(repository.ports);
  repository.bend = bendOnly("snapshot", (signed) => Object.assign(signed, { meta: {} }));
  await repository.publishNext();
  await refuses(repository, "tuf/rollback");
});

test("a snapshot that never named the targets is refused", async () => {
  const repository = await makeRepository();
  repository.bend = bendOnly("snapshot", (signed) => Object.assign(signed, { meta: {} }));
  await repository.publish();
  await refuses(repository, "tuf/missing");
});

test("damaged metadata in the store are asked for again", async () => {
  for (const role of otherRoles) {
    const repository = await makeRepository();
    await refreshTuf(repository.ports);
    const good = repository.trusted.get(role)!;
    for (const bytes of [utf8(""), utf8("{}"), good.slice(0, -5), repository.trusted.get("root")!]) {
      repository.trusted.set(role, bytes);
      await refreshTuf(repository.ports);
      assert.deepEqual(repository.trusted.get(role), good);
    }
  }
});

test("a snapshot of the same version that is another than the timestamp now says is not taken from the store", async () => {
  const repository = await makeRepository();
  await refreshTuf(repository.ports);
  repository.bend = bendOnly("snapshot", (signed) => Object.assign(signed, { note: "changed" }));
  repository.versions.timestamp++;
  await repository.publish();
  await refreshTuf(repository.ports);
  assert.deepEqual(repository.trusted.get("snapshot"), repository.files.get("1.snapshot.json"));
});
