import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { holdToWord, isTold } from "./hold-to-word.ts";
import type { FoundChain } from "./hold-to-word.ts";
import { processNode } from "./process-node.testing.ts";

const image = `sha256:${"1".repeat(64)}`;
const commit = "a".repeat(40);
const bundle = `sha256:${"b".repeat(64)}`;
const chain: FoundChain = {
  report: { image, repository: "hello", state: "verified", reasons: [], commit },
  processes: [processNode(42, "verified"), processNode(43, "undecided")],
  bundles: [bundle],
};
const answer = (word: string): string => {
  const { state, reasons } = holdToWord(word, chain);
  return [state, ...reasons.map(({ code }) => code)].join(" ");
};

describe("a chain held to what was asked for", () => {
  test("is the answer to its own image, commit, bundle, repository, tag and process", () => {
    for (const word of [image, commit, bundle, "hello", "hello:latest", `hello@${image}`, "42"])
      assert.equal(answer(word), "verified", word);
  });

  test("is no answer to anything else, however well it holds", () => {
    for (const word of [
      `sha256:${"2".repeat(64)}`,
      "c".repeat(40),
      "payments",
      "payments:latest",
      `hello@sha256:${"2".repeat(64)}`,
      `payments@${image}`,
      "41",
      "4",
      "",
    ])
      assert.equal(answer(word), "refused console/other-chain", word);
  });

  test("a process that nobody attested is as undecided as its node", () => {
    assert.equal(answer("43"), "undecided run/unattested");
  });

  test("what was refused already stays so, for its own reasons", () => {
    const reasons = [{ code: "layout/step-missing", subject: "s", message: "m" }];
    const refused = { ...chain, report: { ...chain.report, state: "refused" as const, reasons } };
    assert.deepEqual(holdToWord("payments", refused), refused.report);
  });

  test("of a tag or a workload it is the server's word which image it stands for", () => {
    for (const word of ["hello", "hello:latest"]) assert.equal(isTold(word), true, word);
    for (const word of [image, commit, "42", `hello@${image}`]) assert.equal(isTold(word), false, word);
  });
});
