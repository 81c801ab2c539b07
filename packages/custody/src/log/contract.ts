import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";

import type { SequenceStore } from "./sequence-store.ts";
import type { TileStore } from "./tile-store.ts";
import type { WitnessedStore } from "./witnesses.ts";

/** Registers the tests that every {@link SequenceStore} passes. `open` gives a new, empty one each time. */
export function testSequenceStore(name: string, open: () => Promise<SequenceStore>): void {
  test(`${name} gives indices from 0 on, without a gap, and keeps the entries in order`, async () => {
    const store = await open();
    assert.equal(await store.assign([utf8("a"), utf8("b")]), 0);
    assert.equal(await store.assign([new Uint8Array()]), 2);
    assert.equal(await store.assign([new Uint8Array(65_535).fill(255)]), 3);
    const sizes = (await store.readEntries(0, 100)).map((entry) => entry.length);
    assert.deepEqual(sizes, [1, 1, 0, 65_535]);
    assert.deepEqual(await store.readEntries(1, 1), [utf8("b")]);
    assert.deepEqual(await store.readEntries(4, 10), []);
  });

  test(`${name} gives entries that come together one dense range each`, async () => {
    const store = await open();
    const batches = Array.from({ length: 20 }, (_, i) => [utf8(`${i} a`), utf8(`${i} b`), utf8(`${i} c`)]);
    const firsts = await Promise.all(batches.map((batch) => store.assign(batch)));
    assert.deepEqual(
      [...firsts].sort((a, b) => a - b),
      batches.map((_, i) => i * 3),
    );
    for (const [i, first] of firsts.entries())
      assert.deepEqual(await store.readEntries(first, 3), batches[i]);
  });

  test(`${name} lets one of several publish after the same checkpoint`, async () => {
    const store = await open();
    assert.equal(await store.findCheckpoint(), undefined);
    const first = await Promise.all(["a\n", "b\n", "c\n"].map((note) => store.publish(note, undefined)));
    assert.equal(first.filter(Boolean).length, 1);
    const published = ["a\n", "b\n", "c\n"][first.indexOf(true)];
    assert.equal(await store.findCheckpoint(), published);
    assert.equal(await store.publish("— d\n", "other\n"), false);
    assert.equal(await store.publish("— d\n", undefined), false);
    assert.equal(await store.findCheckpoint(), published);
    const second = await Promise.all(["— d\n", "e\n"].map((note) => store.publish(note, published)));
    assert.equal(second.filter(Boolean).length, 1);
  });

  test(`${name} takes nothing more once it is frozen, and keeps what it has`, async () => {
    const store = await open();
    await store.assign([utf8("a")]);
    await store.publish("a\n", undefined);
    await store.freeze();
    await store.freeze();
    await assert.rejects(store.assign([utf8("b")]), { code: "log/frozen" });
    await assert.rejects(store.publish("b\n", "a\n"), { code: "log/frozen" });
    assert.deepEqual(await store.readEntries(0, 10), [utf8("a")]);
    assert.equal(await store.findCheckpoint(), "a\n");
  });

  test(`${name} passes on what exclusive work returns and throws`, async () => {
    const store = await open();
    assert.equal(await store.exclusively(async () => 7), 7);
    const mine = new Error("mine");
    await assert.rejects(
      store.exclusively(() => Promise.reject(mine)),
      (error) => error === mine,
    );
    assert.equal(await store.exclusively(async () => store.assign([utf8("within")])), 0);
  });
}

/** Registers the tests that every {@link TileStore} passes. `open` gives a new, empty one each time. */
export function testTileStore(name: string, open: () => Promise<TileStore>): void {
  test(`${name} keeps tiles, and takes the same again`, async () => {
    const tiles = await open();
    assert.equal(await tiles.read("tile/0/000"), undefined);
    const paths = ["tile/0/000", "tile/0/000.p/7", "tile/entries/x001/x234/067.p/255"];
    for (const path of paths) await tiles.write(path, utf8(path));
    await Promise.all(paths.map((path) => tiles.write(path, utf8(path))));
    for (const path of paths) assert.deepEqual(await tiles.read(path), utf8(path));
  });

  test(`${name} refuses to change a tile`, async () => {
    const tiles = await open();
    await tiles.write("tile/0/000.p/1", utf8("one"));
    await assert.rejects(tiles.write("tile/0/000.p/1", utf8("two")), { code: "log/corrupt" });
    assert.deepEqual(await tiles.read("tile/0/000.p/1"), utf8("one"));
  });
}

/** Registers the tests that every {@link WitnessedStore} passes. `open` gives a new, empty one each time. */
export function testWitnessedStore(name: string, open: () => Promise<WitnessedStore>): void {
  test(`${name} keeps one note, and lets one of several replace it`, async () => {
    const store = await open();
    assert.equal(await store.find(), undefined);
    assert.equal(await store.replace("x\n", "other\n"), false);
    for (const expected of [undefined, "won\n"]) {
      const notes = ["a\n", "b\n", "c\n"].map((note) => `${expected ?? ""}${note}`);
      const done = await Promise.all(notes.map((note) => store.replace(note, expected)));
      assert.equal(done.filter(Boolean).length, 1);
      assert.equal(await store.find(), notes[done.indexOf(true)]);
      assert.equal(await store.replace("won\n", await store.find()), true);
    }
    assert.equal(await store.replace("x\n", undefined), false);
    assert.equal(await store.find(), "won\n");
  });
}
