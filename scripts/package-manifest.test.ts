import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { planManifest } from "./package-manifest.ts";
import type { PackageManifest } from "./package-manifest.ts";

const sources = join(import.meta.dirname, "../packages/custody");
const manifest = {
  name: "custody",
  version: "1.2.3",
  description: "d",
  license: "Apache-2.0",
  type: "module",
  exports: {
    "./*": "./src/*/index.ts",
    "./ground/web-crypto": "./src/ground/web-crypto.ts",
    "./git/git.testing": "./src/git/git.testing.ts",
  },
  bin: { custody: "./src/main.ts" },
  dependencies: { yaml: "^2.0.0" },
  engines: { node: ">=24" },
} satisfies PackageManifest;

test("every room has a subpath of its own, with JavaScript and types", () => {
  const { exports } = planManifest(manifest, sources);
  const log = { types: "./dist/log/index.d.ts", default: "./dist/log/index.js" };
  assert.deepEqual(exports["./log"], log);
  assert.equal("./*" in exports, false);
});

test("a subpath that is named alone stays", () => {
  const { exports } = planManifest(manifest, sources);
  assert.ok(exports["./ground/web-crypto"]);
});

test("test helpers cannot be imported", () => {
  const { exports } = planManifest(manifest, sources);
  assert.deepEqual(
    Object.keys(exports).filter((subpath) => subpath.includes("testing")),
    [],
  );
});

test("a command points at its built file", () => {
  assert.deepEqual(planManifest(manifest, sources).bin, { custody: "./dist/main.js" });
});

test("what only the repository needs is left out", () => {
  const withScripts = { ...manifest, scripts: { test: "x" }, devDependencies: { x: "1" }, private: true };
  const planned = planManifest(withScripts, sources);
  assert.deepEqual(
    Object.keys(planned).filter((key) => ["scripts", "devDependencies", "private"].includes(key)),
    [],
  );
});
