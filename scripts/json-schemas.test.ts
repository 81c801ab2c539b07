import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { attestationTypes } from "custody/evidence";

import { formatSchemas } from "./json-schemas.ts";

const directory = join(import.meta.dirname, "../schemas");

test("the schemas that are kept are the ones that the shapes make", () => {
  for (const [path, text] of formatSchemas()) {
    assert.equal(readFileSync(join(directory, path), "utf8"), text, `run node scripts/schemas.ts: ${path}`);
  }
});

test("each attestation type has its schema, and there is none besides", () => {
  const files = readdirSync(join(directory, "attestations")).toSorted();
  assert.deepEqual(files, attestationTypes.map(({ name }) => `${name}.schema.json`).toSorted());
});

test("a schema names the fields that a predicate needs", () => {
  const text = formatSchemas().get("attestations/link.schema.json") ?? "";
  const { title, required, properties } = JSON.parse(text) as Record<string, object>;
  assert.equal(title, "link: predicates of type https://in-toto.io/attestation/link/v0.3");
  assert.deepEqual(required, ["name"]);
  assert.deepEqual(Object.keys(properties ?? {}), [
    "name",
    "command",
    "materials",
    "byproducts",
    "environment",
  ]);
});
