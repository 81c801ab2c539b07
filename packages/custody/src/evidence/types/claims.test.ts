import { test } from "node:test";

import { cosignCustom } from "./cosign-custom.ts";
import { cosignSign } from "./cosign-sign.ts";
import { reference } from "./reference.ts";
import { referenceAuthorization } from "./reference-authorization.ts";
import { release } from "./release.ts";
import { scai } from "./scai.ts";
import { checkRefused, checkType, sha256, subject } from "./types.testing.ts";

test("a release says under which package URL the subject was published", () => {
  const predicate = { purl: "pkg:npm/%40example/app@1.2.3", packageId: "7" };
  const handOff = { step: "publish", materials: subject, products: subject };
  const rendering = "published sha256:aaaaaaaaaaaa as pkg:npm/%40example/app@1.2.3";
  checkType(release, { predicate, handOff, rendering, required: ["purl"] });
  const inRegistry = {
    purl: "pkg:oci/app@sha256%3Aa?repository_url=registry.example.org%2Fapp&tag=1",
    custody_tag: "1",
  };
  const there = "published sha256:aaaaaaaaaaaa as registry.example.org/app:1";
  checkType(release, { predicate: inRegistry, handOff, rendering: there, required: ["purl"] });
  for (const purl of [
    "npm/app@1",
    "pkg:",
    "pkg:npm",
    "pkg:npm/app",
    "pkg:npm/@example/app",
    "pkg:npm/app@",
    "https://example.org/app@1",
  ])
    checkRefused(release, { purl }, "purl");
});

test("SCAI says which attributes the subject has, and on which evidence", () => {
  const predicate = {
    attributes: [
      {
        attribute: "WITH_STACK_PROTECTION",
        target: { name: "lib.so", digest: sha256("1") },
        conditions: { flags: "-fstack-protector*" },
        evidence: { name: "report.json", digest: sha256("2"), mediaType: "application/x.dsse+json" },
      },
    ],
    producer: { uri: "https://ci.example.org", digest: null },
  };
  checkType(scai, {
    predicate,
    handOff: { materials: subject },
    rendering: "https://ci.example.org says sha256:aaaaaaaaaaaa is WITH_STACK_PROTECTION",
    required: ["attributes", "attributes.0.attribute"],
  });
  checkRefused(scai, { attributes: [] }, "attributes");
  checkRefused(scai, { attributes: [{ attribute: "A", evidence: "yes" }] }, "attributes.0.evidence");
});

test("a reference says where documents about the subject lie", () => {
  const one = {
    downloadLocation: "https://example.org/sbom",
    mediaType: "application/spdx+json",
    digest: sha256("1"),
  };
  checkType(reference, {
    predicate: { attester: { id: "https://builder.example.org/v1" }, references: [one, one] },
    handOff: { materials: subject },
    rendering:
      "https://builder.example.org/v1 points from sha256:aaaaaaaaaaaa to https://example.org/sbom (application/spdx+json) and 1 more",
    required: [
      "attester",
      "attester.id",
      "references",
      "references.0.downloadLocation",
      "references.0.mediaType",
    ],
  });
});

test("a reference authorization says which change someone approved", () => {
  const predicate = { targetRef: "refs/heads/main", fromID: "0".repeat(40), targetID: "1".repeat(40) };
  checkType(referenceAuthorization, {
    predicate,
    handOff: { materials: subject },
    rendering: "refs/heads/main may go from 000000000000 to 111111111111",
    required: ["targetRef", "fromID", "targetID"],
  });
  checkRefused(referenceAuthorization, { ...predicate, targetRef: "main" }, "targetRef");
  for (const id of ["1".repeat(39), "A".repeat(40), "1".repeat(63)])
    checkRefused(referenceAuthorization, { ...predicate, targetID: id }, "targetID");
});

test("cosign's plain signature says nothing but its subject", () => {
  const reading = {
    handOff: { materials: subject },
    rendering: "sha256:aaaaaaaaaaaa is signed",
    required: [],
  };
  checkType(cosignSign, { ...reading, predicate: {} });
  checkRefused(cosignSign, "yes", "it");
});

test("cosign's custom attestation holds anything, and a time", () => {
  checkType(cosignCustom, {
    predicate: { Data: "tested by hand", Timestamp: "2026-01-02T03:04:05Z" },
    handOff: { materials: subject },
    rendering: 'sha256:aaaaaaaaaaaa: "tested by hand" on 2026-01-02T03:04:05Z',
    required: ["Timestamp"],
  });
  checkRefused(cosignCustom, { Timestamp: "2026-01-02T03:04:05Z" }, "Data");
});
