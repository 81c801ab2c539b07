import assert from "node:assert/strict";
import { test } from "node:test";

import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { toHex, utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";
import { noteKeyOf } from "custody/note";

import {
  IndexTree,
  indexOriginOf,
  indexTerms,
  signCommitment,
  termKey,
  verifyCommitment,
  verifyLookup,
} from "./index.ts";
import type { LookupProof, Positions } from "./index.ts";

const keyOf = (name: string): Bytes => termKey(nodeCrypto, indexTerms.type(name));

function treeOf(count: number): { tree: IndexTree; positions: ReadonlyMap<string, Positions> } {
  const positions = new Map(
    Array.from(
      { length: count },
      (_, i) => [toHex(keyOf(`t${i}`)), [i, i + count, 7 * i + 2 * count]] as const,
    ),
  );
  return { tree: new IndexTree(nodeCrypto, positions), positions };
}

test("what the index has for a key is all that it has, and what it has not is proven too", () => {
  for (const count of [0, 1, 2, 3, 7, 8, 9, 100, 257]) {
    const { tree, positions } = treeOf(count);
    const look = (key: Bytes): Positions => verifyLookup(nodeCrypto, tree, key, tree.prove(key));
    for (let i = 0; i < count; i++) {
      assert.deepEqual(look(keyOf(`t${i}`)), positions.get(toHex(keyOf(`t${i}`))), `${i} of ${count}`);
    }
    for (let i = 0; i < 20; i++) assert.deepEqual(look(keyOf(`other${i}`)), [], `${count}`);
  }
});

test("no proof of one thing is taken for another", () => {
  const { tree } = treeOf(100);
  const [present, other, absent] = [keyOf("t5"), keyOf("t6"), keyOf("nothing")];
  const proof = tree.prove(present);
  const absence = tree.prove(absent);
  assert.ok(proof.kind === "present" && absence.kind === "absent" && absence.before && absence.after);
  const far = tree.prove(keyOf("far away"));
  assert.ok(far.kind === "absent" && far.before);
  const changed = (leaf: Bytes): Bytes => leaf.map((byte, i) => (i === leaf.length - 1 ? byte ^ 1 : byte));
  const rows: readonly (readonly [string, Bytes, LookupProof])[] = [
    ["another key's", other, proof],
    ["an absence for what is there", present, absence],
    ["a presence for what is not", absent, proof],
    ["a changed leaf", present, { ...proof, at: { ...proof.at, leaf: changed(proof.at.leaf) } }],
    ["a shorter leaf", present, { ...proof, at: { ...proof.at, leaf: proof.at.leaf.slice(0, -8) } }],
    ["another place", present, { ...proof, at: { ...proof.at, place: proof.at.place ^ 1 } }],
    ["a hash less", present, { ...proof, at: { ...proof.at, hashes: proof.at.hashes.slice(1) } }],
    ["neighbours that are none", absent, { kind: "absent", before: absence.before, after: far.before }],
    ["only one neighbour", absent, { kind: "absent", before: absence.before }],
    ["no neighbour", absent, { kind: "absent" }],
  ];
  for (const [what, key, bent] of rows) assert.throws(() => verifyLookup(nodeCrypto, tree, key, bent), what);
  assert.throws(() => verifyLookup(nodeCrypto, treeOf(99).tree, present, proof), "another tree");
});

test("a leaf whose positions do not rise is none", () => {
  const key = keyOf("x");
  for (const positions of [[2, 1], [1, 1], []]) {
    const tree = new IndexTree(nodeCrypto, new Map([[toHex(key), positions]]));
    assert.throws(() => verifyLookup(nodeCrypto, tree, key, tree.prove(key)), { code: "log-index/proof" });
  }
});

test("a commitment says of which log's which tree the index is", async () => {
  const signer = await generateSigner("ed25519");
  const { tree } = treeOf(5);
  const covers = { size: 12, rootHash: nodeCrypto.sha256(utf8("the log")) };
  const { size, rootHash } = tree;
  const note = await signCommitment(nodeCrypto, "log.test", signer, { size, rootHash, covers });
  const key = noteKeyOf(nodeCrypto, indexOriginOf("log.test"), signer);
  assert.deepEqual(await verifyCommitment(nodeCrypto, "log.test", key, note), { size, rootHash, covers });
  const stranger = noteKeyOf(nodeCrypto, indexOriginOf("log.test"), await generateSigner("ed25519"));
  await assert.rejects(verifyCommitment(nodeCrypto, "log.test", stranger, note), { code: "note/unsigned" });
  await assert.rejects(verifyCommitment(nodeCrypto, "other.test", key, note), { code: "note/origin" });
  const bent = note.replace("covers 12", "covers 13");
  await assert.rejects(verifyCommitment(nodeCrypto, "log.test", key, bent), { code: "note/signature" });
});
