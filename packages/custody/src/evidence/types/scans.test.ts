import { test } from "node:test";

import { cosignVuln } from "./cosign-vuln.ts";
import { openVex } from "./openvex.ts";
import { checkRefused, checkType, replaced, subject } from "./types.testing.ts";
import { vulns } from "./vulns.ts";

const metadata = { scanStartedOn: "2026-01-02T03:04:05Z", scanFinishedOn: "2026-01-02T03:05:05.5+01:00" };
const database = { uri: "pkg:github/example/db@1", version: "1", lastUpdate: "2026-01-01T00:00:00Z" };

const found = {
  scanner: {
    uri: "pkg:github/example/scanner@1.2.3",
    version: "1.2.3",
    db: database,
    result: [
      {
        id: "CVE-2026-0001",
        severity: [{ method: "cvss_score", score: "5.2" }],
        annotations: [{ fixed: "1.3.2" }],
      },
    ],
  },
  metadata,
};

test("a vulnerability report says what was found, and when", () => {
  checkType(vulns, {
    predicate: found,
    handOff: { materials: subject },
    rendering:
      "pkg:github/example/scanner@1.2.3 found 1 vulnerabilities in sha256:aaaaaaaaaaaa on 2026-01-02T03:05:05.5+01:00: CVE-2026-0001",
    required: [
      "scanner",
      "scanner.uri",
      "scanner.db",
      "scanner.db.lastUpdate",
      "scanner.result",
      "scanner.result.0.id",
      "scanner.result.0.severity",
      "scanner.result.0.severity.0.method",
      "scanner.result.0.severity.0.score",
      "metadata",
      "metadata.scanStartedOn",
      "metadata.scanFinishedOn",
    ],
  });
  const yesterday = replaced(found, ["metadata", "scanFinishedOn"], "yesterday");
  checkRefused(vulns, yesterday, "metadata.scanFinishedOn");
});

test("a scan as cosign attests it keeps the scanner's report in the scanner's form", () => {
  checkType(cosignVuln, {
    predicate: {
      invocation: {
        parameters: ["--all"],
        uri: "https://ci.example.org/1",
        event_id: "1",
        "builder.id": "ci",
      },
      scanner: {
        uri: "pkg:github/example/scanner@1.2.3",
        version: "1.2.3",
        db: database,
        result: { Results: [] },
      },
      metadata,
    },
    handOff: { materials: subject },
    rendering: "pkg:github/example/scanner@1.2.3 scanned sha256:aaaaaaaaaaaa on 2026-01-02T03:05:05.5+01:00",
    required: ["scanner", "scanner.uri", "metadata", "metadata.scanStartedOn", "metadata.scanFinishedOn"],
  });
  checkRefused(cosignVuln, { scanner: { uri: "x" }, metadata }, "scanner.result");
});

const vex = {
  "@context": "https://openvex.dev/ns/v0.2.0",
  "@id": "https://example.org/vex/1",
  author: "Ada",
  timestamp: "2026-01-02T03:04:05Z",
  version: 1,
  statements: [
    {
      vulnerability: { name: "CVE-2026-0001", aliases: ["GHSA-x"] },
      products: [{ "@id": "pkg:oci/app" }],
      status: "not_affected",
      justification: "vulnerable_code_not_present",
    },
  ],
};

test("an OpenVEX document says how vulnerabilities affect products", () => {
  checkType(openVex, {
    predicate: vex,
    handOff: { materials: subject },
    rendering: "Ada says CVE-2026-0001 not_affected",
    required: [
      "@context",
      "@id",
      "author",
      "timestamp",
      "version",
      "statements",
      "statements.0.vulnerability",
      "statements.0.status",
    ],
  });
  const first = {
    ...vex,
    "@context": "https://openvex.dev/ns",
    version: "1",
    statements: [{ vulnerability: "CVE-2026-0002", products: ["pkg:oci/app"], status: "fixed" }],
  };
  checkType(openVex, {
    predicate: first,
    handOff: { materials: subject },
    rendering: "Ada says CVE-2026-0002 fixed",
    required: ["statements.0.vulnerability"],
  });
});

test("who says that a vulnerability does not affect says why", () => {
  const unexplained = { vulnerability: "CVE-2026-0001", status: "not_affected" };
  checkRefused(openVex, { ...vex, statements: [unexplained] }, "statements.0.status");
  for (const status of ["Fixed", "notaffected", ""]) {
    checkRefused(openVex, { ...vex, statements: [{ ...unexplained, status }] }, "statements.0.status");
  }
  for (const context of ["https://openvex.dev/nsx", "https://openvex.dev/ns/v0.2", "http://openvex.dev/ns"]) {
    checkRefused(openVex, { ...vex, "@context": context }, "@context");
  }
});
