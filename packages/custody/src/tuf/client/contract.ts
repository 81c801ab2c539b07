import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";

import type { TufRemote, TufTrustStore } from "./ports.ts";

/** What every store of trusted metadata does. */
export function testTufTrustStore(what: string, open: () => Promise<TufTrustStore>): void {
  test(`${what}: a role is read as it was last written, whatever it is called`, async () => {
    const store = await open();
    const roles = ["root", "targets", "a/b", "..", ".", "a%2Fb", "Ä \u{1F512}", "x".repeat(200), "\0", "?"];
    for (const role of roles) {
      assert.equal(await store.read(role), undefined, role);
      await store.write(role, utf8("one"));
      await store.write(role, utf8(`two of ${role}`));
    }
    for (const role of roles) assert.deepEqual(await store.read(role), utf8(`two of ${role}`), role);
  });

  test(`${what}: a role that was removed is absent, and may be removed again`, async () => {
    const store = await open();
    await store.write("timestamp", utf8("one"));
    await store.write("snapshot", utf8("one"));
    await store.remove("timestamp");
    await store.remove("timestamp");
    assert.equal(await store.read("timestamp"), undefined);
    assert.deepEqual(await store.read("snapshot"), utf8("one"));
  });
}

/** What every way to a repository does; its files are metadata by name, and targets below `targets/`. */
export function testTufRemote(
  what: string,
  open: (files: ReadonlyMap<string, Bytes>) => Promise<TufRemote>,
): void {
  const files = new Map([
    ["1.root.json", utf8("a root")],
    ["1.a%2Fb.json", utf8("a role")],
    ["targets/a/b%20c", utf8("a target")],
  ]);

  test(`${what}: files come as they are, and what is not there is absent`, async () => {
    const remote = await open(files);
    assert.deepEqual(await remote.fetchMetadata("1.root.json", 6), utf8("a root"));
    assert.deepEqual(await remote.fetchMetadata("1.a%2Fb.json", 6), utf8("a role"));
    assert.deepEqual(await remote.fetchTarget("a/b%20c", 100), utf8("a target"));
    assert.equal(await remote.fetchMetadata("2.root.json", 100), undefined);
    assert.equal(await remote.fetchTarget("1.root.json", 100), undefined);
  });

  test(`${what}: a file that is longer than the limit is refused`, async () => {
    const remote = await open(files);
    await assert.rejects(remote.fetchMetadata("1.root.json", 5), { code: "tuf/limit" });
    await assert.rejects(remote.fetchTarget("a/b%20c", 7), { code: "tuf/limit" });
    assert.deepEqual(await remote.fetchTarget("a/b%20c", 8), utf8("a target"));
  });
}
