import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";

import type { TufFiles } from "./repository.ts";

/** What the files of any repository do. */
export function testTufFiles(what: string, open: () => Promise<TufFiles>): void {
  test(`${what}: a file is read as it was last written, and an absent one as absent`, async () => {
    const files = await open();
    assert.deepEqual(await files.list(), []);
    const hash = "0".repeat(64);
    for (const name of [
      "1.root.json",
      "12.targets.json",
      "timestamp.json",
      `targets/${hash}.trusted_root.json`,
    ]) {
      assert.equal(await files.read(name), undefined);
      await files.write(name, utf8("one"));
      await files.write(name, utf8(`two of ${name}`));
      assert.deepEqual(await files.read(name), utf8(`two of ${name}`));
    }
    assert.equal(await files.read("2.root.json"), undefined);
    assert.deepEqual(
      new Set(await files.list()),
      new Set(["1.root.json", "12.targets.json", "timestamp.json"]),
    );
  });
}
