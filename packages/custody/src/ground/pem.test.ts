import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";

import { findPemBlocks, formatPem } from "./index.ts";

const { publicKey } = generateKeyPairSync("ed25519");
const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
const der = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));

test("reads the blocks of a text in order, lines ended either way", () => {
  const block = { label: "PUBLIC KEY", der };
  assert.deepEqual(findPemBlocks(pem), [block]);
  assert.deepEqual(findPemBlocks(`${pem}\n${pem.replaceAll("\n", "\r\n")}`), [block, block]);
});

test("writes blocks as another writer does", () => {
  assert.equal(formatPem({ label: "PUBLIC KEY", der }), pem);
  const [block] = findPemBlocks(formatPem({ label: "X", der: new Uint8Array(1000) })) ?? [];
  assert.deepEqual(block, { label: "X", der: new Uint8Array(1000) });
});

test("a text that holds anything else holds no blocks", () => {
  for (const text of [
    "",
    "x",
    `${pem}x`,
    `x${pem}`,
    pem.replace("END PUBLIC", "END PRIVATE"),
    pem.slice(0, -9),
  ]) {
    assert.equal(findPemBlocks(text), undefined, text);
  }
});

test("gives up on texts that are long or hold very many blocks", () => {
  assert.equal(findPemBlocks(pem.repeat(9)), undefined);
  assert.equal(findPemBlocks(" ".repeat(100_000)), undefined);
  assert.equal(findPemBlocks(pem.repeat(8))?.length, 8);
});
