import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";

import { readPatch } from "./index.ts";

type Files = Readonly<Record<string, string>>;

const bundle = (files: Files): ReadonlyMap<string, Uint8Array> =>
  new Map(Object.entries(files).map(([name, text]) => [name, utf8(text)]));

const manifest = '{"revision":"two","roots":["a"]}';

test("a delta bundle is a list of changes, and a manifest", () => {
  const patch = '{"data":[{"op":"upsert","path":"/a/b","value":1},{"op":"remove","path":"a/c"}]}';
  const read = readPatch(bundle({ "patch.json": patch, ".manifest": manifest }));
  assert.deepEqual(read?.operations, [
    { op: "upsert", path: "/a/b", value: 1 },
    { op: "remove", path: "a/c" },
  ]);
  assert.deepEqual([read.manifest.revision, read.manifest.roots], ["two", ["a"]]);
  assert.deepEqual(readPatch(bundle({ "patch.json": "{}" }))?.operations, []);
});

test("a bundle without a patch is none", () => {
  assert.equal(readPatch(bundle({ "a/data.json": "{}" })), undefined);
});

test("what else is in it, or outside of its roots, is refused", () => {
  const change = (member: string): Files => ({ "patch.json": `{"data":[${member}]}` });
  const rows: readonly (readonly [Files, RegExp])[] = [
    [{ "patch.json": "{}", "a/data.json": "{}" }, /contain only patch file but data files found/],
    [{ "patch.json": "{}", "a.rego": "package a" }, /contain only patch file but policy files found/],
    [{ "patch.json": "[]" }, /data is no list of changes/],
    [{ "patch.json": '{"data":1}' }, /data is no list of changes/],
    [change('{"op":"move","path":"a"}'), /change 0 is no upsert, replace or remove/],
    [change('{"op":"remove"}'), /change 0 is no upsert, replace or remove/],
    [change('{"op":"replace","path":"a"}'), /change 0 has no value/],
    [
      { ...change('{"op":"remove","path":"/b/c/"}'), ".manifest": manifest },
      /manifest roots \[a\] do not permit data patch at path 'b\/c'/,
    ],
  ];
  for (const [files, message] of rows) assert.throws(() => readPatch(bundle(files)), message);
});
