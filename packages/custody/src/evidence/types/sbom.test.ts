import { test } from "node:test";

import { cyclonedx } from "./cyclonedx.ts";
import { spdx } from "./spdx.ts";
import { checkRefused, checkType, sha256, subject } from "./types.testing.ts";

const spdxDocument = {
  SPDXID: "SPDXRef-DOCUMENT",
  spdxVersion: "SPDX-2.3",
  name: "app",
  packages: [{ SPDXID: "SPDXRef-zlib", name: "zlib", versionInfo: "1.3.1" }],
};

test("an SPDX 2 document says what the subject holds", () => {
  const reading = {
    predicate: spdxDocument,
    handOff: { materials: subject },
    rendering: "sha256:aaaaaaaaaaaa holds 1 packages",
    required: ["spdxVersion", "name", "packages", "packages.0.name"],
  };
  checkType(spdx, reading);
  checkType(spdx, { ...reading, predicate: { ...spdxDocument, spdxVersion: "SPDX-2.2" } });
  checkRefused(spdx, { ...spdxDocument, spdxVersion: "SPDX-1.2" }, "spdxVersion");
});

test("an SPDX 3 graph is recognised, its packages are counted", () => {
  const predicate = {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [{ type: "software_Package", name: "zlib" }, { type: "Relationship" }],
  };
  checkType(spdx, {
    predicate,
    handOff: { materials: subject },
    rendering: "sha256:aaaaaaaaaaaa holds 1 packages",
    required: ["@context", "@graph.0.type"],
  });
  checkRefused(spdx, { ...predicate, "@graph": [{ name: "x" }] }, "@graph.0.type");
  checkRefused(spdx, { ...predicate, "@context": "https://example.org/3.0.1" }, "@context");
});

test("a CycloneDX BOM from 1.4 to 1.7 says what the subject holds", () => {
  for (const specVersion of ["1.4", "1.5", "1.6", "1.7"]) {
    checkType(cyclonedx, {
      predicate: {
        bomFormat: "CycloneDX",
        specVersion,
        serialNumber: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        version: 1,
        components: [{ type: "library", name: "zlib", version: "1.3.1", hashes: [] }],
      },
      handOff: { materials: subject },
      rendering: "sha256:aaaaaaaaaaaa holds 1 components",
      required: ["bomFormat", "specVersion", "components.0.type", "components.0.name"],
    });
  }
  const bom = { bomFormat: "CycloneDX", specVersion: "1.3" };
  checkRefused(cyclonedx, bom, "specVersion");
  checkRefused(cyclonedx, { ...bom, specVersion: "1.6", components: { type: "library" } }, "components");
});

test("lists are bounded", () => {
  const packages = Array.from({ length: 100_001 }, () => ({ name: "a" }));
  checkRefused(spdx, { ...spdxDocument, packages }, "packages");
  checkType(spdx, {
    predicate: { ...spdxDocument, packages: packages.slice(1) },
    handOff: { materials: [{ name: "app", digest: sha256("a") }] },
    rendering: "sha256:aaaaaaaaaaaa holds 100000 packages",
    required: [],
  });
});
