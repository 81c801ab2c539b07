import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";

import { makeSigner, signEnvelope, signMetablock } from "../in-toto.testing.ts";
import { findLayoutDocument } from "./document.ts";

const layout = { expires: "2030-01-01T00:00:00Z", functionaries: {}, steps: [] };
const owner = makeSigner("owner");

function check(text: string, expected: object | RegExp | undefined): void {
  const find = (): unknown => findLayoutDocument(utf8(text))?.value;
  if (expected instanceof RegExp) assert.throws(find, expected);
  else assert.deepEqual(find(), expected);
}

test("an attestation layout is YAML or JSON with functionaries", () => {
  check(JSON.stringify(layout), layout);
  check(`\n ${JSON.stringify(layout)}`, layout);
  check("expires: 2030-01-01T00:00:00Z\nfunctionaries: {}\nsteps: []\n", layout);
  check("expires: x\nkeys: {}\n", undefined);
  check("just text", undefined);
});

test("a signed one keeps what was signed; a layout of the other form is none", () => {
  const found = findLayoutDocument(signEnvelope(layout, owner));
  assert.deepEqual(found?.value, layout);
  assert.equal(found.signed?.signatures.length, 1);
  assert.equal(findLayoutDocument(signMetablock({ _type: "layout", keys: {} }, owner)), undefined);
  assert.equal(findLayoutDocument(signEnvelope({ _type: "layout", keys: {} }, owner)), undefined);
});

test("keys that stand twice, aliases and what is too large are refused", () => {
  check("functionaries: {}\nfunctionaries: {}\n", /Map keys must be unique/);
  check('{"functionaries":{},"functionaries":{}}', /twice|duplicate/i);
  check("a: &a [x]\nfunctionaries: {b: *a}\n", /alias/i);
  check("functionaries: [\n", /no YAML/);
  check(`functionaries: {}\n#${"x".repeat(1024 * 1024)}`, /1 MiB/);
});
