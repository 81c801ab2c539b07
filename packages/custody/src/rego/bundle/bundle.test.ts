import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";

import { writeJson } from "../index.ts";
import {
  bundleFiles,
  mergeDocuments,
  parseDocuments,
  parseInput,
  readBundle,
  signBundle,
  verifyBundle,
} from "./index.ts";

const policy = "package a.b\np := 1\n";

function files(of: Readonly<Record<string, string>>): Map<string, Uint8Array> {
  return new Map(Object.entries(of).map(([name, text]) => [name, utf8(text)]));
}

/** What a bundle holds, or why it is refused. */
function check(of: Readonly<Record<string, string>>, outcome: string | RegExp): void {
  if (typeof outcome !== "string") assert.throws(() => readBundle(files(of)), { message: outcome });
  else assert.equal(writeJson(readBundle(files(of)).data), outcome);
}

test("data stands at the path of its directory; other files are not the bundle's", () => {
  check(
    { "a/data.json": '{"x": 1.50}', "data.yaml": "z: [1]", "a/other.json": "[" },
    '{"a":{"x":1.50},"z":[1]}',
  );
  check({ "data.json": "[]" }, /the top of data must be an object/);
  check({ "data.json": '{"a": 1}', "a/data.json": "{}" }, /merge error/);
  check({ "__proto__/data.json": '{"x": 1}' }, '{"__proto__":{"x":1}}');
});

test("nothing is outside of the roots", () => {
  const manifest = (...roots: readonly string[]): string => JSON.stringify({ roots });
  check({ ".manifest": manifest("a"), "p.rego": policy, "a/c/data.json": '{"x":1}' }, '{"a":{"c":{"x":1}}}');
  check(
    { ".manifest": manifest("a/c"), "p.rego": policy },
    /roots \[a\/c\] do not permit 'package a\.b' in module 'p\.rego'/,
  );
  check({ ".manifest": manifest("a/c"), "a/data.json": '{"d": 1}' }, /do not permit data at path '\/a\/d'/);
  check({ ".manifest": manifest("a", "a/b") }, /overlapped roots: 'a' and 'a\/b'/);
  check({ ".manifest": manifest("ab", "a") }, "{}");
  check({ ".manifest": '{"roots": 1}' }, /manifest/);
});

test("a bundle that was written reads as it was", () => {
  const read = readBundle(
    files({ ".manifest": '{"revision":"7","metadata":{"m":1}}', "p.rego": policy, "data.json": "{}" }),
  );
  const again = readBundle(bundleFiles(read));
  assert.deepEqual([again.manifest, again.modules, again.data], [read.manifest, read.modules, read.data]);
});

const crypto = {
  verify: () => false,
  sign: () => new Uint8Array(),
  publicKey: () => new Uint8Array(),
};
const key = { algorithm: "HS256", bytes: utf8("secret") };
const content = { "p.rego": policy, "data.json": '{"b": 1.0, "a": [1e3]}' };

function verified(changed: Readonly<Record<string, string>>, other = {}): string {
  const signatures = signBundle(files(content), { key, crypto });
  const now = files({ ...content, ".signatures.json": signatures, ...changed });
  if (changed["p.rego"] === "") now.delete("p.rego");
  try {
    verifyBundle(now, { key, crypto, ...other });
    return "good";
  } catch (error) {
    return (error as Error).message;
  }
}

test("a signature holds for the same files, and for data that is only spaced otherwise", () => {
  assert.equal(verified({}), "good");
  assert.equal(verified({ "data.json": '{"a":[1e3],"b":1.0}' }), "good");
  assert.match(verified({ "data.json": '{"a":[1000],"b":1.0}' }), /data\.json: digest mismatch/);
  assert.match(verified({ "p.rego": `${policy} ` }), /p\.rego: digest mismatch/);
  assert.match(verified({ "more.rego": policy }), /file more\.rego not included in bundle signature/);
  assert.equal(verified({ "more.rego": policy }, { exclude: ["more.rego"] }), "good");
  assert.match(verified({ "p.rego": "" }), /not found in the target bundle/);
});

test("a signature counts only under its key, algorithm and scope", () => {
  assert.match(verified({}, { key: { ...key, bytes: utf8("other") } }), /failed to verify/);
  assert.match(verified({}, { key: { ...key, algorithm: "HS512" } }), /failed to verify/);
  assert.match(verified({}, { key: { ...key, algorithm: "RS256" } }), /failed to verify/);
  assert.match(verified({}, { scope: "write" }), /scope mismatch/);
  assert.match(verified({ ".signatures.json": '{"signatures":[]}' }), /missing JWT/);
  assert.match(verified({ ".signatures.json": '{"signatures":["a","b"]}' }), /multiple JWTs/);
  assert.match(verified({ ".signatures.json": '{"signatures":["a.b"]}' }), /three parts/);
  assert.match(verified({ ".signatures.json": '{"signatures":["a.b.!"]}' }), /base64url/);
});

test("documents merge all the way down; input is JSON or YAML", () => {
  assert.equal(writeJson(mergeDocuments({ a: { b: 1 } }, { a: { c: 2 } }, "x")), '{"a":{"b":1,"c":2}}');
  assert.throws(() => mergeDocuments({ a: 1 }, { a: 1 }, "x.json"), { message: "x.json: merge error" });
  assert.equal(writeJson(parseInput("i", '{"x": 1.50}')), '{"x":1.50}');
  assert.equal(writeJson(parseInput("i", "x: [a]")), '{"x":["a"]}');
});

test("a text of YAML may hold several documents; empty ones are left out", () => {
  for (const [name, text, expected] of [
    ["a.yaml", "a: 1\n---\n---\nb: 2\n", '[{"a":1},{"b":2}]'],
    ["a.yml", "", "[]"],
    ["a.json", "[1]", "[[1]]"],
  ] as const) {
    assert.equal(writeJson(parseDocuments(name, text)), expected, text);
  }
  assert.throws(() => parseDocuments("a.yaml", "a: 1\n---\nb: ["), /a\.yaml: yaml/);
});
