import type { TestClock, TestTrust } from "custody/authority/attestor.testing";
import { makeTrust } from "custody/authority/attestor.testing";
import type { RepositoryPolicy, Statement } from "custody/evidence";
import { policy as policyType, provenance, release, source, testResult } from "custody/evidence";
import { makeTestRepository } from "custody/git/git.testing";
import { formatInstant, instantOf, parseDigest, toBase64 } from "custody/ground";
import type { Bytes } from "custody/ground";
import { identitiesOf, planLayout } from "custody/policy";
import type { SpiffeId } from "custody/spiffe";

import type { ChainScene, RawCommit } from "./index.ts";

const hour = 3_600_000;
const repository = "hello";

/** Artifact digests of a made-up delivery; what is real here is every signature, certificate, timestamp and proof. */
const artifacts = Object.fromEntries(
  ["source", "stemcell/build", "stemcell/base", "build/hello", "image"].map((name, i) => [
    name,
    { name, digest: { sha256: String(i + 1).repeat(64) } },
  ]),
);

function artifact(name: string): { name: string; digest: Record<string, string> } {
  const found = artifacts[name];
  if (!found) throw new Error(name);
  return found;
}

export interface TestScene extends ChainScene {
  readonly trust: TestTrust;
}

/** A whole chain of the repository "hello", signed by every identity that must. */
export async function makeScene(clock?: TestClock): Promise<TestScene> {
  const trust = await makeTrust(undefined, clock);
  using git = makeTestRepository();
  const key = git.makeKey("ada");
  const stranger = git.makeKey("mallory");
  const rawCommit = (content: string, path?: string): RawCommit => {
    const id = git.commit("a.txt", content, path);
    return { id, object: git.object("commit", id) };
  };
  const good = rawCommit("good", key.path);
  const commits = {
    unsigned: rawCommit("unsigned"),
    stranger: rawCommit("stranger", stranger.path),
    other: rawCommit("other", key.path),
  };
  const policy = makePolicy(trust, key.publicLine);
  const bundles: Bytes[] = [];
  for (const [identity, statement] of statementsOf(trust, good)) {
    bundles.push((await trust.attest(identity, statement)).bytes);
  }
  const image = parseDigest(`sha256:${artifact("image").digest["sha256"]}`);
  const question = { image, policy, bundles, at: trust.clock.now() };
  return {
    question,
    commits,
    trust,
    authorities: trust.authorities,
    ports: trust.ports,
    logSigner: trust.logSigner,
    attest: (identity, statement) => trust.attest(identity, statement),
  };
}

function makePolicy({ authorities, clock }: TestTrust, key: string): RepositoryPolicy {
  const [start, end] = [instantOf(clock.now() - hour), instantOf(clock.now() + 12 * hour)];
  const layout = planLayout(
    authorities.trustDomain,
    {
      repository,
      steps: [
        { name: "build", kind: "build", stemcell: "build", inputs: [] },
        { name: "test", kind: "test", stemcell: "build", inputs: ["build"] },
      ],
      outside: [],
      image: { stemcell: "base", from: ["build"] },
    },
    end,
  );
  return policyType.parse({
    repository,
    layout,
    signers: [{ name: "Ada", key, validFor: { start: formatInstant(start), end: formatInstant(end) } }],
  });
}

function statementsOf({ authorities }: TestTrust, commit: RawCommit): [SpiffeId, Statement][] {
  const ids = identitiesOf(authorities.trustDomain);
  return [
    [ids.source(repository), sourceStatement(commit)],
    [ids.stemcell, made("stemcell/build", [], "stemcell/build")],
    [ids.stemcell, made("stemcell/base", [], "stemcell/base")],
    [ids.step(repository, "build"), made("build", ["source", "stemcell/build"], "build/hello")],
    [ids.step(repository, "test"), testedStatement()],
    [ids.package(repository), made("package", ["stemcell/base", "build/hello"], "image")],
    [ids.publish(repository), releaseStatement()],
  ];
}

function sourceStatement({ id, object }: RawCommit): Statement {
  return {
    subject: [artifact("source"), { name: "commit", digest: { gitCommit: id } }],
    predicateType: source.predicateType,
    predicate: {
      repository,
      commit: { id, object: toBase64(object) },
      signer: { name: "Ada", fingerprint: "SHA256:x" },
      policy: { revision: "sha256:x" },
    },
  };
}

function made(step: string, materials: readonly string[], product: string): Statement {
  return {
    subject: [artifact(product)],
    predicateType: provenance.predicateType,
    predicate: {
      buildDefinition: {
        buildType: "https://custody.dev/step/v1",
        externalParameters: { step },
        resolvedDependencies: materials.map(artifact),
      },
      runDetails: { builder: { id: "spiffe://example.org/builder" } },
    },
  };
}

function testedStatement(): Statement {
  return {
    subject: [artifact("build/hello")],
    predicateType: testResult.predicateType,
    predicate: {
      result: "PASSED",
      configuration: [artifact("source"), artifact("stemcell/build")],
      custody_step: "test",
    },
  };
}

function releaseStatement(): Statement {
  return {
    subject: [artifact("image")],
    predicateType: release.predicateType,
    predicate: { purl: `pkg:oci/${repository}@1` },
  };
}
