import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { parseBundle } from "custody/evidence";
import { toBase64, utf8 } from "custody/ground";
import type { Crypto, Json } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";

import { indexTerms, joinPages, parseSearchAnswer, verifySearchPage } from "./index.ts";
import type { IndexTerm, SearchPage } from "./index.ts";
import { SearchedLog } from "./search.testing.ts";

const review = "https://example.org/review";
let log: SearchedLog;

before(async () => {
  log = await SearchedLog.open();
  for (const signer of ["alice", "bob", "alice", "bob", "alice"]) await log.add(signer, review);
});
after(async () => {
  await log.log.close();
  await log.commitments.close();
});

/** The answer's JSON, changed on its way. */
type Change = (answer: { entries: Entry[] } & Record<string, Json>) => void;
type Entry = Record<string, Json>;

async function verify(
  term: IndexTerm,
  json: Json,
  from = 0,
  crypto: Crypto = nodeCrypto,
): Promise<SearchPage> {
  return verifySearchPage(crypto, { log: log.trusted, term, from }, parseSearchAnswer(json));
}

async function verifyChanged(change: Change, term = log.identity("alice")): Promise<SearchPage> {
  const answer = structuredClone(await log.answer(term)) as Parameters<Change>[0];
  change(answer);
  return verify(term, answer);
}

test("an honest answer is complete up to the tree that the index was read from", async () => {
  const rows: readonly (readonly [IndexTerm, readonly number[]])[] = [
    [log.identity("alice"), [0, 2, 4]],
    [log.identity("bob"), [1, 3]],
    [log.identity("nobody"), []],
    [indexTerms.type(review), [0, 1, 2, 3, 4]],
    [indexTerms.subject(`sha256:${"1".repeat(64)}`), [0, 1, 2, 3, 4]],
  ];
  for (const [term, positions] of rows) {
    const answer = await log.answer(term);
    const page = await verify(term, answer);
    assert.deepEqual(page.positions, positions, term);
    assert.deepEqual(
      page.hits.map(({ index }) => index),
      positions,
    );
    assert.deepEqual([page.covers.size, page.next, page.trees.length], [5, undefined, 1]);
    assert.deepEqual(await verify(term, answer, 0, webCrypto), page);
  }
});

test("the time of an entry is its own certificate's, whatever bundle comes with it", async () => {
  const { start } = parseBundle(log.bundles[2]!).certificate.validity;
  const page = await verifyChanged(({ entries }) => delete entries[1]!["bundle"]);
  assert.equal(page.hits[1]?.signedAt, start);
  assert.match(page.hits[1]?.rendering ?? "", /^digest sha256:/);
  const other = await verifyChanged(({ entries }) => (entries[1]!["bundle"] = entries[0]!["bundle"]!));
  assert.deepEqual(other.hits[1], page.hits[1]);
});

test("pages of one search make one result, which is complete as far as each of them is", async () => {
  const term = indexTerms.type(review);
  const first = await verify(term, await log.answer(term, { limit: 2 }));
  assert.equal(first.next, 2);
  const second = await verify(term, await log.answer(term, { from: 2, limit: 2 }), 2);
  const third = await verify(term, await log.answer(term, { from: 4 }), 4);
  const { hits, ...result } = joinPages([first, second, third]);
  assert.deepEqual(result, { positions: [0, 1, 2, 3, 4], covered: 5, next: undefined });
  assert.equal(hits.length, 5);
  assert.equal(joinPages([first, second]).next, 4);
});

test("a later page may know of more than an earlier one, and never of less", async () => {
  const term = indexTerms.type(review);
  const less = await verify(term, await log.answer(term, { limit: 2, hidden: [4] }));
  const more = await verify(term, await log.answer(term, { from: 2 }), 2);
  assert.deepEqual(joinPages([less, more]).positions, [0, 1, 2, 3, 4]);
  const whole = await verify(term, await log.answer(term, { limit: 2 }));
  const fewer = await verify(term, await log.answer(term, { from: 2, hidden: [4] }), 2);
  assert.throws(() => joinPages([whole, fewer]), { code: "log-index/proof" });
});

test("an answer that was changed on its way is refused", async () => {
  assert.equal((await verifyChanged(() => undefined)).hits.length, 3);
  const rows: readonly (readonly [string, Change, string])[] = [
    ["an entry left out", ({ entries }) => entries.splice(1, 1), "log-index/proof"],
    ["no entry", ({ entries }) => entries.splice(0), "log-index/proof"],
    ["an entry twice", ({ entries }) => entries.push(entries[0]!), "log-index/proof"],
    ["another order", ({ entries }) => entries.reverse(), "log-index/proof"],
    ["another entry", ({ entries }) => (entries[0]!["entry"] = "e30="), "merkle/inclusion"],
    ["another index", ({ entries }) => (entries[0]!["index"] = 1), "log-index/proof"],
    ["another tree", ({ entries }) => (entries[0]!["treeSize"] = 4), "log-index/proof"],
    ["an absence", (answer) => (answer["proof"] = { kind: "absent" }), "log-index/proof"],
    [
      "another commitment",
      (answer) => (answer["commitment"] = (answer["commitment"] as string).replace(/\n\d+\n/, "\n9\n")),
      "note/signature",
    ],
    [
      "a commitment that is not on record",
      ({ logged }) => ((logged as Entry)["entry"] = toBase64(utf8("another"))),
      "merkle/inclusion",
    ],
    ["no list", (answer) => Object.assign(answer, { entries: 1 }), "log-index/answer"],
    ["no base64", ({ entries }) => (entries[0]!["entry"] = "*"), "bytes/base64"],
  ];
  for (const [what, change, code] of rows) await assert.rejects(verifyChanged(change), { code }, what);
});

test("an honest answer to another question is refused", async () => {
  const [alice, bob] = [log.identity("alice"), log.identity("bob")];
  await assert.rejects(verify(alice, await log.answer(bob)), { code: "log-index/proof" });
  await assert.rejects(verify(alice, await log.answer(alice, { from: 2 })), { code: "log-index/proof" });
  assert.equal((await verify(alice, await log.answer(alice, { from: 2 }), 2)).hits.length, 2);
});

test("what is found by a statement needs the bundle that has it", async () => {
  const type = indexTerms.type(review);
  await assert.rejects(
    verifyChanged(({ entries }) => delete entries[0]!["bundle"], type),
    { code: "log-index/proof" },
  );
  assert.equal((await verifyChanged(({ entries }) => delete entries[0]!["bundle"])).hits.length, 3);
});

test("an earlier commitment of the same log, once on record, does not stand for a later one", async () => {
  const term = log.identity("alice");
  const [older, newer] = [await log.answer(term, { hidden: [0] }), await log.answer(term)];
  const { logged } = older as Record<string, Json>;
  await assert.rejects(verify(term, { ...(newer as Record<string, Json>), logged: logged! }), {
    code: "log-index/commitment",
  });
});
