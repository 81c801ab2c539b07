import assert from "node:assert/strict";
import { test } from "node:test";

import type { WitnessStore } from "./witness-store.ts";

/** Registers the tests that every {@link WitnessStore} passes. `open` gives a new, empty one each time. */
export function testWitnessStore(name: string, open: () => Promise<WitnessStore>): void {
  test(`${name} keeps one note for each log, whatever its origin is made of`, async () => {
    const store = await open();
    const origins = ["log.example/1", "../../x", "ü - 1", "x".repeat(2000)];
    for (const origin of origins) {
      assert.equal(await store.find(origin), undefined);
      assert.equal(await store.replace(origin, `${origin}\n— a\n`, undefined), true);
    }
    for (const origin of origins) assert.equal(await store.find(origin), `${origin}\n— a\n`);
  });

  test(`${name} records after the note that was expected, and after no other`, async () => {
    const store = await open();
    assert.equal(await store.replace("o", "one\n", "none\n"), false);
    assert.equal(await store.find("o"), undefined);
    assert.equal(await store.replace("o", "one\n", undefined), true);
    for (const expected of [undefined, "two\n"])
      assert.equal(await store.replace("o", "x\n", expected), false);
    assert.equal(await store.replace("o", "two\n", "one\n"), true);
    assert.equal(await store.find("o"), "two\n");
  });

  test(`${name} lets one of several record after the same note`, async () => {
    const store = await open();
    for (const expected of [undefined, "won\n"]) {
      const notes = Array.from({ length: 8 }, (_, i) => `${expected === undefined ? "" : "again "}${i}\n`);
      const done = await Promise.all(notes.map((note) => store.replace("o", note, expected)));
      assert.equal(done.filter(Boolean).length, 1);
      const winner = notes[done.indexOf(true)]!;
      assert.equal(await store.find("o"), winner);
      assert.equal(await store.replace("o", "won\n", winner), true);
    }
  });
}
