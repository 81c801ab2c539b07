import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { allBuiltins } from "../builtins/index.ts";
import { utf8 } from "custody/ground";
import { parseModules, writeJson } from "../index.ts";
import { readJson } from "../values/index.ts";
import { readBundle } from "../bundle/index.ts";
import { RegoStore } from "./index.ts";

function storeWith(data: string, ...modules: readonly string[]): RegoStore {
  const store = new RegoStore({ builtins: allBuiltins });
  const sources = modules.map((text, i) => ({ file: `m${i}`, text }));
  store.load(readJson(data) as never, parseModules(sources, { version: "v1" }));
  return store;
}

/** After a change the documents are these, or the change is refused with these words and they are as before. */
function check(
  data: string,
  change: (store: RegoStore) => void,
  expected: string,
  module = "package m",
): void {
  const store = storeWith(data, module);
  try {
    change(store);
  } catch (error) {
    assert.equal((error as Error).message, expected);
    assert.equal(writeJson(store.snapshot.content.data), data);
    return;
  }
  assert.equal(writeJson(store.snapshot.content.data), expected);
}

const put =
  (path: string, value: string) =>
  (store: RegoStore): void =>
    store.putDocument(path.split("/").filter(Boolean), readJson(value));

const remove =
  (path: string) =>
  (store: RegoStore): void =>
    store.deleteDocument(path.split("/").filter(Boolean));

const absent = "storage_not_found_error: document does not exist";

describe("documents", () => {
  test("are put anywhere below objects", () => {
    check("{}", put("a/b", "1.50"), '{"a":{"b":1.50}}');
    check('{"a":{"b":1}}', put("a/b", "2"), '{"a":{"b":2}}');
    check('{"a":1}', put("", '{"b":2}'), '{"b":2}');
    check("{}", put("__proto__/x", "1"), '{"__proto__":{"x":1}}');
    check('{"a":{"b":1}}', put("a/b/c", "2"), "storage_write_conflict_error: /a/b");
    check("{}", put("", "3"), "storage_invalid_patch_error: root must be object");
  });

  test("in an array stand at their position, which PUT makes free as OPA does", () => {
    check('{"l":[1,2]}', put("l/1", "9"), '{"l":[1,9,2]}');
    check('{"l":[{"x":1}]}', put("l/0/x", "9"), '{"l":[{"x":9}]}');
    check('{"l":[1]}', put("l/7", "9"), "storage_write_conflict_error: /l");
    check('{"l":[1]}', remove("l/z"), "storage_not_found_error: /l/z: array index must be integer");
    check('{"l":[1]}', remove("l/1"), "storage_not_found_error: /l/1: array index out of range");
    check('{"l":[1,2]}', remove("l/0"), '{"l":[2]}');
  });

  test("are removed", () => {
    check('{"a":{"b":1,"c":2}}', remove("a/b"), '{"a":{"c":2}}');
    check('{"a":1}', remove("b"), absent);
    check('{"a":1}', remove("a/b"), absent);
    check('{"a":1}', remove(""), "storage_invalid_patch_error: root cannot be removed");
  });

  test("are patched whole or not at all", () => {
    const replace = { kind: "replace", path: ["a"], value: 2 } as const;
    const end = { kind: "add", path: ["l", "-"], value: 3 } as const;
    check('{"a":1,"l":[]}', (store) => store.writeDocuments([replace, end]), '{"a":2,"l":[3]}');
    check('{"a":1}', (store) => store.writeDocuments([replace, end]), absent);
    check(
      '{"l":[]}',
      (store) => store.writeDocuments([{ ...end, kind: "replace" }]),
      "storage_invalid_patch_error: /l/-: invalid patch path",
    );
  });

  test("are not put where rules stand", () => {
    const said = "m0:2: rego_compile_error: conflicting rule for data path p/x found";
    check("{}", put("p/x", "1"), said, "package p\nx := 2");
    check("{}", put("p", '{"x":{}}'), said, "package p\nx := 2");
    check("{}", put("p", "1"), said, "package p\nx := 2");
    check("{}", put("p/y", "1"), '{"p":{"y":1}}', "package p\nx := 2");
  });
});

describe("modules", () => {
  test("count at once, and not for who asked before", () => {
    const store = storeWith('{"n":1}', "package p\nx := data.n");
    const before = store.snapshot;
    store.putModule("m0", "package p\nx := data.n + 1");
    assert.equal(before.find(["p", "x"], undefined), 1);
    assert.equal(store.snapshot.find(["p", "x"], undefined), 2);
  });

  test("that do not compile change nothing", () => {
    const store = storeWith("{}", "package f\nf(x) := x", "package g\nr := data.f.f(1)");
    assert.throws(() => store.putModule("m2", "package h\nx := y"), /var y is unsafe/);
    assert.throws(() => store.putModule("m2", "package h\nx := "), /rego_parse_error/);
    assert.throws(() => store.deleteModule("m0"), /undefined function data\.f\.f/);
    assert.throws(() => store.deleteModule("none"), /storage_not_found_error: policy id "none"/);
    assert.equal(store.snapshot.find(["g", "r"], undefined), 1);
    store.deleteModule("m1");
    assert.equal(store.snapshot.find(["g", "r"], undefined), undefined);
  });

  test("are found by the names and positions of a path", () => {
    const { snapshot } = storeWith('{"a":[{"1":"one"}]}', "package p\nx := [5]");
    assert.equal(snapshot.find(["a", "0", "1"], undefined), "one");
    assert.equal(snapshot.find(["p", "x", "0"], undefined), 5);
    assert.equal(snapshot.hasRuleFor(["p", "x", "0"]), true);
    assert.equal(snapshot.hasRuleFor(["p"]), false);
  });

  test("of the system are no part of the whole", () => {
    const { snapshot } = storeWith('{"a":1}', "package system\nmain := 1");
    assert.equal(writeJson(snapshot.find([], undefined) ?? null), '{"a":1}');
    assert.equal(snapshot.find(["system", "main"], undefined), 1);
  });
});

describe("bundles", () => {
  const bundle = (roots: readonly string[], files: Readonly<Record<string, string>>) =>
    readBundle(
      new Map(
        Object.entries({ ".manifest": JSON.stringify({ roots, revision: "7" }), ...files }).map(
          ([name, text]) => [name, utf8(text)],
        ),
      ),
    );

  test("take the place of those that had their name, and leave the rest alone", () => {
    const store = storeWith('{"mine":1}');
    store.activate("b", bundle(["a"], { "a/data.json": '{"x":1}', "p.rego": "package a.p\ny := 2" }));
    assert.equal(writeJson(store.snapshot.find([], undefined) ?? null), '{"a":{"p":{"y":2},"x":1},"mine":1}');
    store.activate("b", bundle(["c"], { "c/data.json": '{"z":3}' }));
    assert.equal(writeJson(store.snapshot.find([], undefined) ?? null), '{"c":{"z":3},"mine":1}');
  });

  test("are changed by deltas: all of the changes, or none", () => {
    const store = storeWith('{"mine":1}');
    const manifest = { revision: "8", roots: ["a"], metadata: undefined, regoVersion: undefined };
    const remove = { op: "remove", path: "/a/x" } as const;
    assert.throws(() => store.patchBundle("b", { manifest, operations: [] }), /has no bundle before it/);
    store.activate("b", bundle(["a"], { "a/data.json": '{"x":1,"y":[1]}' }));
    store.patchBundle("b", {
      manifest,
      operations: [
        remove,
        { op: "upsert", path: "a/z~1z/w", value: 2 },
        { op: "replace", path: "/a/y/0", value: 3 },
      ],
    });
    const changed = '{"a":{"y":[3],"z/z":{"w":2}},"mine":1}';
    assert.equal(writeJson(store.snapshot.content.data), changed);
    assert.equal(store.snapshot.content.bundles.get("b")?.revision, "8");
    const twice = [{ op: "upsert", path: "/a/q", value: 1 } as const, remove];
    assert.throws(() => store.patchBundle("b", { manifest, operations: twice }), /document does not exist/);
    const other = { ...manifest, roots: ["a", "b"] };
    assert.throws(
      () => store.patchBundle("b", { manifest: other, operations: [] }),
      /roots that are different/,
    );
    assert.equal(writeJson(store.snapshot.content.data), changed);
  });

  test("own their roots", () => {
    const store = storeWith("{}");
    store.activate("b", bundle(["a/b"], {}));
    assert.throws(() => store.putDocument(["a"], 1), { message: 'path a is owned by bundle "b"' });
    assert.throws(() => store.putModule("p", "package a.b.c"), {
      message: 'path a/b/c is owned by bundle "b"',
    });
    assert.throws(() => store.putDocument([], {}), /can't write to document root/);
    assert.throws(() => store.activate("d", bundle(["a"], {})), /overlapping roots in bundles b and d/);
    store.putDocument(["z"], 1);
    assert.equal(writeJson(store.snapshot.content.data), '{"z":1}');
  });
});
