import assert from "node:assert/strict";
import { test } from "node:test";

import { simpleVerificationResult } from "./simple-verification-result.ts";
import { testResult } from "./test-result.ts";
import { checkRefused, checkType, sha256, subject } from "./types.testing.ts";
import { verificationSummary } from "./verification-summary.ts";

const summary = {
  verifier: { id: "https://verifier.example.org/v1" },
  timeVerified: "2026-01-02T03:04:05Z",
  resourceUri: "pkg:oci/app",
  policy: { uri: "https://example.org/policy", digest: sha256("2") },
  inputAttestations: [{ uri: "https://example.org/1", digest: sha256("3") }],
  verificationResult: "PASSED",
  verifiedLevels: ["SLSA_BUILD_LEVEL_3"],
  slsaVersion: "1.2",
};

test("a verification summary says who admitted what, at which levels", () => {
  checkType(verificationSummary, {
    predicate: summary,
    handOff: { step: "gate", materials: subject, products: subject },
    rendering: "https://verifier.example.org/v1 admitted sha256:aaaaaaaaaaaa as SLSA_BUILD_LEVEL_3",
    required: ["verifier", "verifier.id", "timeVerified", "resourceUri", "policy", "verificationResult"],
  });
  checkRefused(verificationSummary, { ...summary, verificationResult: "passed" }, "verificationResult");
  checkRefused(verificationSummary, { ...summary, policy: {} }, "policy");
});

test("a summary of the source track is about a commit", () => {
  const predicate = {
    ...summary,
    verifiedLevels: ["SLSA_SOURCE_LEVEL_2"],
    resourceUri: "git+https://example.org/app",
  };
  const commit = [{ name: "", digest: { gitCommit: "4".repeat(40) } }];
  assert.equal(
    verificationSummary.render(commit, verificationSummary.parse(predicate)),
    "https://verifier.example.org/v1 admitted gitCommit:444444444444 as SLSA_SOURCE_LEVEL_2",
  );
});

const properties = ["A", "B", "C", "D", "E"];

test("a simple verification result says which properties hold", () => {
  const predicate = {
    verifier: { id: "https://verifier.example.org/v2", policies: [{ uri: "https://example.org/policy" }] },
    timeCreated: "2026-01-02T03:04:05Z",
    properties,
  };
  checkType(simpleVerificationResult, {
    predicate,
    handOff: { materials: subject },
    rendering: "https://verifier.example.org/v2 found sha256:aaaaaaaaaaaa to be A, B, C and 2 more",
    required: ["verifier", "verifier.id", "verifier.policies", "timeCreated", "properties"],
  });
  const nothing = { ...predicate, verifier: { ...predicate.verifier, policies: [{}] } };
  checkRefused(simpleVerificationResult, nothing, "verifier.policies.0");
  checkRefused(simpleVerificationResult, { ...predicate, properties: "A" }, "properties");
});

const result = {
  result: "PASSED",
  configuration: [{ name: "ci.yml", digest: { gitBlob: "5".repeat(40) } }],
  url: "https://ci.example.org/1",
  passedTests: ["a"],
  warnedTests: [],
  failedTests: [],
};

test("only a test that passed hands on, and one that failed says so", () => {
  const materials = [...subject, { name: "ci.yml", digest: { gitBlob: "5".repeat(40) } }];
  checkType(testResult, {
    predicate: result,
    handOff: { materials, failed: false },
    rendering: "a test PASSED over 1 artifacts",
    required: ["result", "configuration"],
  });
  const { weakened, failed } = testResult.handOff(subject, testResult.parse({ ...result, result: "FAILED" }));
  assert.deepEqual({ weakened, failed }, { weakened: ["result FAILED"], failed: true });
  checkRefused(testResult, { ...result, configuration: [{}] }, "configuration.0");
  checkRefused(testResult, { ...result, passedTests: [1] }, "passedTests.0");
});
