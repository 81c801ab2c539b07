import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ProvenLog } from "./prove.testing.ts";

const type = "https://example.org/review";
let log: ProvenLog;
let answer: string;

before(async () => {
  log = await ProvenLog.open(0);
  for (const signer of ["alice", "bob"]) await log.searched.add(signer, type);
  answer = JSON.stringify(
    await log.searched.answer(`type ${type}` as Parameters<typeof log.searched.answer>[0]),
  );
});
after(() => log.close());

test("an answer counts when it is of one log with the checkpoint that the browser knows", async () => {
  const search = (checkpoint?: string) =>
    log.ask({
      kind: "log-search",
      answer,
      words: { type },
      from: 0,
      ...(checkpoint === undefined ? {} : { checkpoint }),
    });
  const report = await search();
  assert.ok(report.kind === "log-search");
  assert.deepEqual(report.page.positions, [0, 1]);
  assert.match(report.page.hits[0]?.rendering ?? "", /review/);
  const forked = await log.forge(() => ({ rootHash: new Uint8Array(32) }));
  await assert.rejects(search(forked), { code: "console/other-tree" });
  const later = await log.forge(({ size }) => ({ size: size + 1, rootHash: new Uint8Array(32) }));
  await assert.rejects(search(later), { code: "console/other-tree" });
});

test("an answer to other words, or that is no answer, is refused", async () => {
  const rows = [
    [{ type: "other" }, answer, "log-index/proof"],
    [{ identity: "alice" }, answer, "console/question"],
    [{ type }, "{", "json/syntax"],
    [{ type }, "{}", "log-index/answer"],
  ] as const;
  for (const [words, text, code] of rows)
    await assert.rejects(log.ask({ kind: "log-search", answer: text, words, from: 0 }), { code }, code);
});
