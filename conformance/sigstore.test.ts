import assert from "node:assert/strict";
import { test } from "node:test";

import { findVectors } from "custody/ground/vectors.testing";

import { runBundleCases } from "./sigstore.ts";

const directory = findVectors("sigstore-bundles");
const skip = directory === undefined && "there is no ../shared/vectors/sigstore-bundles";

/** What @sigstore/verify lets pass and should not. */
const knownDifferences = ["trust-root-tlog-missing-validity-start_fail"];

test("Sigstore's own bundle cases pass, by path and by digest", { skip }, async () => {
  const outcomes = await runBundleCases(directory ?? "");
  assert.ok(outcomes.length >= 100, "the cases are there");
  assert.deepEqual(
    outcomes.filter(({ failure }) => failure !== undefined),
    [],
  );
  const differing = outcomes.filter(
    ({ oracle, exitCode }) => oracle && (oracle.says === "yes") !== (exitCode === 0),
  );
  assert.deepEqual(
    differing.map(({ name }) => name),
    knownDifferences,
  );
});
