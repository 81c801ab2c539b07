import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { certifyFreshKey } from "custody/authority";
import { makeTrust } from "custody/authority/attestor.testing";
import { formatDsseEntry } from "custody/evidence";
import { digestOf, utf8 } from "custody/ground";
import { spiffeIdOf } from "custody/spiffe";

import { indexTerms, termKey, termsOfEntry, termsOfStatement } from "./index.ts";

test("an envelope's entry is found by its signer, key and payload, and names the payload", async () => {
  const { ports, authorities } = await makeTrust();
  const identity = spiffeIdOf(authorities.trustDomain, "gate");
  const { certificate } = await certifyFreshKey(ports, authorities, identity);
  const payload = utf8("what is said");
  const envelope = { payloadType: "text", payload, signatures: [{ sig: utf8("a signature"), keyid: "" }] };
  const {
    terms,
    payload: named,
    signedAt,
  } = termsOfEntry(nodeCrypto, formatDsseEntry(nodeCrypto, envelope, certificate));
  assert.equal(named, digestOf(nodeCrypto, payload));
  assert.equal(signedAt, certificate.validity.start);
  assert.deepEqual(
    new Set(terms),
    new Set([
      indexTerms.identity("spiffe://example.org", identity),
      indexTerms.key(digestOf(nodeCrypto, certificate.publicKey.spki)),
      indexTerms.digest(digestOf(nodeCrypto, payload)),
    ]),
  );
});

test("what is no entry of Rekor's is found by nothing", () => {
  for (const text of ["", "{}", "[]", "not JSON", '{"kind":"dsse"}']) {
    assert.deepEqual(
      termsOfEntry(nodeCrypto, utf8(text)),
      { terms: [], payload: undefined, signedAt: undefined },
      text,
    );
  }
});

test("a statement is found by its type and by every digest of its subjects, each once", () => {
  const digest = { sha256: "0".repeat(64), gitCommit: "1".repeat(40) };
  const statement = {
    subject: [
      { name: "a", digest },
      { name: "b", digest: { sha256: digest.sha256 } },
    ],
    predicateType: "https://example.org/p",
    predicate: {},
  };
  assert.deepEqual(termsOfStatement(statement), [
    "type https://example.org/p",
    `subject sha256:${digest.sha256}`,
    `subject gitCommit:${digest.gitCommit}`,
  ]);
});

test("terms of different kinds, and of different words, have different keys", () => {
  const terms = [
    indexTerms.identity("a", "b c"),
    indexTerms.identity("a b", "c"),
    indexTerms.type("a"),
    indexTerms.subject("a"),
  ];
  assert.equal(new Set(terms.map((term) => String(termKey(nodeCrypto, term)))).size, terms.length);
});
