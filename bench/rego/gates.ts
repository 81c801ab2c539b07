import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { RegoCase } from "./cases.ts";

/* Custody's own gates, as they decide at a delivery. */

const digest = `sha256:${"9f".repeat(32)}`;
const artifact = (name: string): object => ({ name, digest });

function gateCase(gate: string, input: object): RegoCase {
  const file = join(import.meta.dirname, "../../policies", `${gate}.rego`);
  return {
    name: `Custody's ${gate} gate`,
    version: "v1",
    module: readFileSync(file, "utf8"),
    query: `data.custody.gates.${gate}`,
    data: {},
    input: { at: "2026-01-02T03:04:05Z", repository: "hello", ...input },
  };
}

const steps = ["source", "stemcell/base", "build", "test", "package", "publish"].map((name) => ({
  name,
  predicateType: "https://slsa.dev/provenance/v1",
  identity: `spiffe://example.org/repository/hello/${name}`,
  signedAt: "2026-01-02T03:04:05Z",
  logIndex: 7,
  materials: [artifact("source"), artifact("stemcell/base")],
  products: [artifact(`${name}/out`)],
}));

const admit = gateCase("admit", {
  image: digest,
  policyRevision: digest,
  trustRevision: digest,
  chain: { verdict: "allowed", reasons: [], commit: "a".repeat(40), steps },
});

const build = gateCase("build", {
  commit: "a".repeat(40),
  step: {
    name: "build",
    kind: "build",
    stemcell: "base",
    inputs: ["generate"],
    outputs: ["bin", "share"],
    networkHosts: ["deb.example.org:80"],
  },
  startedOn: "2026-01-02T03:04:00Z",
  finishedOn: "2026-01-02T03:04:05Z",
  isolation: { level: "L3", without: [], runtime: { name: "runc", version: "1.1" }, kernel: "6.1" },
  network: [{ host: "deb.example.org:80", decision: "allowed", reason: "network/allowed" }],
  materials: ["source", "stemcell/base", "script/build", "generate/a", "generate/b"].map(artifact),
  products: ["bin/a", "bin/b", "share/c"].map((path) => ({
    ...artifact(`build/${path}`),
    path,
    sizeBytes: 9,
  })),
});

export const gateCases: readonly RegoCase[] = [admit, build];
