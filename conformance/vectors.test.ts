import assert from "node:assert/strict";
import { test } from "node:test";

import { findVectors } from "custody/ground/vectors.testing";

import { runInTotoCases } from "./in-toto.ts";
import { runMerkleVectors } from "./merkle.ts";
import { runSshsigVectors } from "./sshsig.ts";
import { runTlogVectors } from "./tlog.ts";
import { runTufVectors } from "./tuf.ts";
import { judgeVector } from "./vector-outcome.ts";
import type { VectorOutcome } from "./vector-outcome.ts";

/** That every vector of a folder passes, and there are as many as there must be at least. */
function check(
  folder: string,
  run: (directory: string) => Promise<readonly VectorOutcome[]>,
  atLeast: number,
): void {
  const directory = findVectors(folder);
  const skip = directory === undefined && `needs shared/vectors/${folder}`;
  test(`every vector of ${folder} is judged as it must be`, { skip }, async () => {
    const outcomes = await run(directory ?? "");
    assert.deepEqual(
      outcomes.filter(({ failure }) => failure !== undefined),
      [],
    );
    assert.ok(outcomes.length >= atLeast, `only ${outcomes.length}`);
  });
}

check("in-toto-golang", runInTotoCases, 40);
check("in-toto-demo", runInTotoCases, 8);
check("in-toto-demo-dsse", runInTotoCases, 8);
check("merkle", runMerkleVectors, 400);
check("tlog", runTlogVectors, 31);
check("tuf", runTufVectors, 14);
check("sshsig", runSshsigVectors, 7);

test("a vector that is judged otherwise is a failure, with what was said", async () => {
  assert.deepEqual(await judgeVector("good", () => 1), { name: "good", failure: undefined });
  const fails = (): never => {
    throw new Error("another root");
  };
  assert.deepEqual(await judgeVector("bad", fails), { name: "bad", failure: "another root" });
});
