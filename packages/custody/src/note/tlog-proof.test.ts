import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";

import { formatTlogProof, parseTlogProof } from "./index.ts";

const checkpoint = "log.example\n3\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— log.example AAAAAAAA\n";
const hash = `${"A".repeat(43)}=\n`;
const text = `c2sp.org/tlog-proof@v1\nindex 2\n${hash}\n${checkpoint}`;

test("reads a proof and writes it back", () => {
  const proof = parseTlogProof(text);
  assert.deepEqual([proof.index, proof.hashes.length, proof.checkpoint], [2, 1, checkpoint]);
  for (const given of [proof, { ...proof, extra: utf8("more") }, { ...proof, hashes: [], extra: utf8("") }]) {
    assert.deepEqual(parseTlogProof(formatTlogProof(given)), given);
  }
  assert.equal(formatTlogProof(proof), text);
});

test("refuses every other text", () => {
  const check = (other: string) =>
    assert.throws(() => parseTlogProof(other), { code: "note/proof" }, other.slice(0, 80));
  check("");
  check(text.replace("@v1", "@v2"));
  check(text.replace("index 2", "index 02"));
  check(text.replace("index 2", "index -1"));
  check(text.replace("index 2", "index 9007199254740993"));
  check(text.replace("index 2\n", ""));
  check(text.replace("index 2", "extra !\nindex 2"));
  check(text.replace("index 2", "index 2\nextra AAAA"));
  check(text.replace(hash, "AAAA\n"));
  check(text.replace(hash, hash.repeat(64)));
  check(text.replaceAll("\n\n", "\n"));
  check(`${text}${" ".repeat(1_100_000)}`);
});
