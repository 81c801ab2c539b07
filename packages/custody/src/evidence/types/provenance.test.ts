import assert from "node:assert/strict";
import { test } from "node:test";

import { provenance } from "./provenance.ts";
import { provenanceV02 } from "./provenance-v0.2.ts";
import { runtimeTrace } from "./runtime-trace.ts";
import { checkRefused, checkType, replaced, sha256, subject } from "./types.testing.ts";

const source = { uri: "git+https://example.org/app@refs/heads/main", digest: { gitCommit: "1".repeat(40) } };

const made = {
  buildDefinition: {
    buildType: "https://example.org/build/v1",
    externalParameters: { step: "compile", repository: "app", commit: "1".repeat(40) },
    internalParameters: { runner: "x" },
    resolvedDependencies: [source, { name: "base", digest: sha256("2") }],
  },
  runDetails: {
    builder: { id: "https://builder.example.org/v1", version: { builder: "1.0" } },
    metadata: { invocationId: "1", startedOn: "2026-01-02T03:04:05Z", finishedOn: "2026-01-02T03:05:05Z" },
    byproducts: [{ name: "log", digest: sha256("3") }],
  },
};

test("SLSA provenance v1 is the step's hand-off from its dependencies to the subjects", () => {
  checkType(provenance, {
    predicate: replaced(made, ["runDetails", "builder", "version"]) as never,
    handOff: {
      step: "compile",
      materials: [
        { name: source.uri, digest: source.digest },
        { name: "base", digest: sha256("2") },
      ],
      products: subject,
      commit: { repository: "app", id: "1".repeat(40) },
    },
    rendering:
      "https://builder.example.org/v1 made app (sha256:aaaaaaaaaaaa) in step compile from 2 materials",
    required: [
      "buildDefinition",
      "buildDefinition.buildType",
      "buildDefinition.externalParameters",
      "runDetails",
      "runDetails.builder",
      "runDetails.builder.id",
    ],
  });
  assert.equal(provenance.parse(made).runDetails.builder.version?.["builder"], "1.0");
});

test("provenance of somebody else's build need not name a step", () => {
  const foreign = replaced(made, ["buildDefinition", "externalParameters"], { workflow: { path: "ci.yml" } });
  const parsed = provenance.parse(foreign);
  assert.equal(provenance.handOff(subject, parsed).step, undefined);
  assert.match(provenance.render(subject, parsed), / made app \(sha256:a{12}\) from 2 materials$/);
});

test("a dependency without a digest stays in the list, as the same as nothing", () => {
  const open = replaced(made, ["buildDefinition", "resolvedDependencies"], [{ uri: "pkg:npm/a@1" }]);
  const { materials } = provenance.handOff(subject, provenance.parse(open));
  assert.deepEqual(materials, [{ name: "pkg:npm/a@1", digest: {} }]);
  const none = replaced(made, ["buildDefinition", "resolvedDependencies"], [{ mediaType: "text/plain" }]);
  checkRefused(provenance, none, "buildDefinition.resolvedDependencies.0");
});

test("SLSA provenance v0.2 is read, and claims no step", () => {
  checkType(provenanceV02, {
    predicate: {
      builder: { id: "https://builder.example.org/v0" },
      buildType: "https://example.org/build/v0",
      invocation: { configSource: { ...source, entryPoint: "build" }, parameters: { step: "compile" } },
      metadata: { reproducible: false },
      materials: [source],
    },
    handOff: { materials: [{ name: source.uri, digest: source.digest }], products: subject },
    rendering:
      "https://builder.example.org/v0 made app (sha256:aaaaaaaaaaaa) from 1 materials, as git+https://example.org/app@refs/heads/main says",
    required: ["builder", "builder.id", "buildType"],
  });
});

const trace = {
  monitor: { type: "https://example.org/monitor", configSource: {}, tracePolicy: { policies: [] } },
  monitoredProcess: {
    hostID: "https://ci.example.org",
    type: "https://example.org/build/v1",
    event: "job-7",
  },
  monitorLog: {
    process: [{ processBinary: "/bin/sh", privileged: null }],
    network: null,
    fileAccess: [
      { name: "/src/main.c", digest: sha256("1") },
      { name: "/src/main.c", digest: sha256("2") },
    ],
  },
  metadata: { buildStartedOn: "2026-01-02T03:04:05Z", buildFinishedOn: null },
};

test("a runtime trace tells of processes, connections and files, each as often as it was seen", () => {
  checkType(runtimeTrace, {
    predicate: trace,
    handOff: { materials: [...subject, ...trace.monitorLog.fileAccess] },
    rendering:
      "https://example.org/monitor watched job-7 make sha256:aaaaaaaaaaaa: 1 processes, 0 connections, 2 files",
    required: [
      "monitor",
      "monitor.type",
      "monitoredProcess",
      "monitoredProcess.hostID",
      "monitoredProcess.type",
      "monitoredProcess.event",
      "monitorLog",
    ],
  });
  checkRefused(runtimeTrace, { ...trace, monitorLog: {} }, "monitorLog");
  checkRefused(runtimeTrace, { ...trace, monitorLog: { process: "all" } }, "monitorLog.process");
});
