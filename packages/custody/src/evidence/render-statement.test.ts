import assert from "node:assert/strict";
import { test } from "node:test";

import type { Json } from "custody/ground";
import * as fc from "fast-check";

import { renderStatement } from "./render-statement.ts";
import { attestationTypes, findAttestationType, findAttestationTypeByName } from "./types/index.ts";

const digest = { sha256: "a".repeat(64) };

function check(predicateType: string, predicate: Json, expected: string): void {
  assert.equal(renderStatement({ subject: [{ name: "app", digest }], predicateType, predicate }), expected);
}

test("a statement is said in its type's words, or by its type where these cannot be used", () => {
  const link = "https://in-toto.io/attestation/link/v0.3";
  check(link, { name: "compile" }, "step compile made 1 artifacts from 0");
  check(link, { nome: "compile" }, `${link} about app`);
  check("https://example.org/other", { name: "compile" }, "https://example.org/other about app");
});

test("nothing of a statement steers a terminal, begins another line, or goes on for ever", () => {
  check("https://example.org/\u001b[31m\r\n\u2028x", null, "https://example.org/�[31m���x about app");
  const hostile = { purl: "pkg:npm/a@1?repository_url=%0a%E0%zz", custody_tag: "\u009b2J" };
  check(
    "https://in-toto.io/attestation/release/v0.1",
    hostile,
    `published sha256:${"a".repeat(12)} as ��%zz:�2J`,
  );
  const long = { attester: { id: "x".repeat(8192) }, references: [] };
  const rendering = `${"x".repeat(80)}… points from sha256:${"a".repeat(12)} to nothing`;
  check("https://in-toto.io/attestation/reference/v0.1", long, rendering);
});

test("each type is found by its name and by each of its URIs, and by nothing near them", () => {
  for (const type of attestationTypes) {
    assert.equal(findAttestationTypeByName(type.name), type);
    for (const uri of [type.predicateType, ...(type.otherPredicateTypes ?? [])]) {
      assert.equal(findAttestationType(uri), type);
      assert.equal(findAttestationType(`${uri}/`), undefined);
      assert.equal(findAttestationType(uri.toUpperCase()), undefined);
    }
  }
  const uris = attestationTypes.flatMap((type) => [type.predicateType, ...(type.otherPredicateTypes ?? [])]);
  assert.equal(new Set(uris).size, uris.length);
  assert.equal(new Set(attestationTypes.map(({ name }) => name)).size, attestationTypes.length);
  for (const name of ["", "constructor", "Link", "https://in-toto.io/attestation/link/v0.3"])
    assert.equal(findAttestationTypeByName(name), undefined);
});

test("only types that name a step can be a layout's evidence; the others claim none, whatever they say", () => {
  const claim = {
    name: "compile",
    step: "compile",
    custody_step: "compile",
    externalParameters: { step: "compile" },
  };
  for (const type of attestationTypes) {
    const isStepless = ![
      "link",
      "provenance",
      "release",
      "run",
      "source",
      "test-result",
      "verification-summary",
    ].includes(type.name);
    const step = isStepless
      ? type.handOff([], { ...claim, monitorLog: {}, materials: [] } as never).step
      : undefined;
    assert.equal(step, undefined, type.name);
  }
});

test("no predicate whatever is too much for a type: it is read, or refused, and said in one short line", () => {
  const uris = attestationTypes.flatMap((type) => [type.predicateType, ...(type.otherPredicateTypes ?? [])]);
  const names = [
    "name",
    "purl",
    "scanner",
    "subject",
    "@graph",
    "packages",
    "monitorLog",
    "statements",
    "Data",
  ];
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.dictionary(fc.constantFrom(...names), fc.jsonValue()),
  );
  const property = fc.property(fc.constantFrom(...uris), value, (predicateType, predicate) => {
    const line = renderStatement({ subject: [], predicateType, predicate: predicate as Json });
    assert.ok(line.length <= 401 && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(line), line);
  });
  fc.assert(property, { seed: 4, numRuns: 2000 });
});
