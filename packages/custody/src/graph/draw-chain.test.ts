import assert from "node:assert/strict";
import { before, test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { makeScene } from "custody/assurance/scene.testing";
import type { TestScene } from "custody/assurance/scene.testing";
import {
  parseBundle,
  parseStatement,
  policy as policyType,
  release,
  run,
  source,
  verificationSummary,
  withdrawal,
} from "custody/evidence";
import type { Statement } from "custody/evidence";
import { digestOf, formatInstant, hexOf, instantOf, utf8 } from "custody/ground";
import type { Bytes, Json } from "custody/ground";
import { decide, explainChainArchive, Gates, identitiesOf, summarize } from "custody/policy";
import type { ChainArchive } from "custody/policy";
import type { SpiffeId } from "custody/spiffe";

import { drawChain, mergePictures } from "./index.ts";
import type { ChainPicture, PictureNode, ToldProcess } from "./index.ts";

const ports = { crypto: nodeCrypto, gates: new Gates() };
const stepNames = ["source", "stemcell/build", "stemcell/base", "build", "test", "package", "publish"];
let scene: TestScene;
let archive: ChainArchive;
let process: ToldProcess;
before(async () => {
  scene = await makeScene();
  const { policy, image } = scene.question;
  const { gate, policy: policyId, runtime } = identitiesOf(scene.authorities.trustDomain);
  const subject = [{ name: "policy/hello", digest: { sha256: "0".repeat(64) } }];
  const set = await attest(policyId, {
    subject,
    predicateType: policyType.predicateType,
    predicate: policy as unknown as Json,
  });
  const decision = await decide(ports, scene.authorities.trustedRoot, scene.question);
  const admission = await attest(gate, summarize(decision, gate, "pkg:oci/hello"));
  process = { workload: "hello", pid: 4711, startedAt: scene.trust.clock.now(), image };
  const bundles = [...scene.question.bundles, admission, await attest(runtime, runStatement())];
  archive = { image, repository: policy.repository, policy: set, bundles };
});

async function attest(identity: SpiffeId, statement: Statement): Promise<Bytes> {
  return (await scene.attest(identity, statement)).bytes;
}

function runStatement(): Statement {
  const { workload, pid, startedAt, image } = process;
  return {
    subject: [{ name: "image", digest: { sha256: hexOf(image) } }],
    predicateType: run.predicateType,
    predicate: {
      workload,
      admission: { digest: { sha256: "0".repeat(64) } },
      process: { pid, startedOn: formatInstant(startedAt) },
      isolation: { level: "L3" },
    },
  };
}

async function draw(
  changed: Partial<ChainArchive> = {},
  processes: readonly ToldProcess[] = [process],
): Promise<ChainPicture> {
  const asked = { ...archive, ...changed };
  const at = scene.trust.clock.now();
  const explained = await explainChainArchive(ports, scene.authorities.trustedRoot, asked, at);
  return drawChain({ repository: asked.repository, image: asked.image, archive: explained, processes });
}

function getNode({ nodes }: ChainPicture, kind: PictureNode["kind"], title?: string): PictureNode {
  const found = nodes.find((node) => node.kind === kind && (title === undefined || node.title === title));
  assert.ok(found, `${kind} ${title}`);
  return found;
}

/** States by step, then of what comes after the steps. */
function statesOf(picture: ChainPicture): Record<string, string> {
  const entries = picture.nodes.map(({ kind, title, state }) => [kind === "hand-off" ? title : kind, state]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function edgesInto(picture: ChainPicture, { id }: PictureNode): string[] {
  const titleOf = (one: string) => picture.nodes.find((node) => node.id === one)?.title ?? one;
  return picture.edges.filter(({ to }) => to === id).map(({ from, state }) => `${titleOf(from)} ${state}`);
}

const isOf = (identity: SpiffeId) => (bytes: Bytes) => parseBundle(bytes).certificate.uris.includes(identity);

/** The archive without what this identity signed. */
const without = (identity: SpiffeId): Bytes[] => archive.bundles.filter((bytes) => !isOf(identity)(bytes));
const ids = () => identitiesOf(scene.authorities.trustDomain);

test("a whole chain is verified from the signer to the process", async () => {
  const states = statesOf(await draw());
  const names = [...stepNames, "signer", "image", "log", "policy", "gate", "process"];
  assert.deepEqual(states, Object.fromEntries(names.map((name) => [name, "verified"])));
});

test("every node but the first ones is tied to what comes before it, by digests", async () => {
  const picture = await draw();
  assert.deepEqual(
    picture.edges.filter(({ state, digests }) => state !== "tied" || digests.length === 0),
    [],
  );
  const into = (kind: PictureNode["kind"], title?: string) =>
    edgesInto(picture, getNode(picture, kind, title)).sort();
  assert.deepEqual(into("hand-off", "build"), ["source tied", "stemcell/build tied"]);
  assert.deepEqual(into("hand-off", "test"), ["build tied", "source tied", "stemcell/build tied"]);
  assert.deepEqual(into("hand-off", "package"), ["build tied", "stemcell/base tied"]);
  assert.deepEqual(into("process"), ["gate tied"]);
  assert.equal(into("gate").length, 2);
  assert.deepEqual(into("hand-off", "source"), ["Ada tied"]);
});

test("a step without an attestation is a node that is missing, with the hand-offs that the layout wants", async () => {
  const picture = await draw({ bundles: without(ids().step("hello", "build")) });
  const build = getNode(picture, "hand-off", "build");
  assert.equal(build.state, "missing");
  assert.match(build.detail, /step\/build has to vouch for it/);
  assert.deepEqual(edgesInto(picture, build), ["source missing", "stemcell/build missing"]);
  const states = statesOf(picture);
  assert.equal(states["test"], "verified");
  assert.equal(states["process"], "refused");
});

test("what cannot be read may be the missing step: not decided", async () => {
  const bundles = [...without(ids().package("hello")), utf8("{")];
  assert.equal(statesOf(await draw({ bundles }))["package"], "undecided");
});

test("a tampered attestation is refused with the verifier's own reason", async () => {
  const index = archive.bundles.findIndex(isOf(ids().publish("hello")));
  const text = new TextDecoder().decode(archive.bundles[index]);
  const payload = /"payload":"([^"]+)"/.exec(text)?.[1] ?? "";
  const forged = Buffer.from(payload, "base64").toString().replace("hello@1", "hello@2");
  const tampered = utf8(text.replace(payload, Buffer.from(forged).toString("base64")));
  const picture = await draw({ bundles: archive.bundles.with(index, tampered) });
  const publish = getNode(picture, "hand-off", "publish");
  assert.equal(publish.state, "refused");
  assert.deepEqual(
    publish.reasons.map(({ code }) => code),
    ["evidence/log-entry-mismatch"],
  );
});

test("a withdrawn attestation is shown as withdrawn", async () => {
  const bytes = archive.bundles.find(isOf(ids().step("hello", "test")))!;
  const { certificate, envelope } = parseBundle(bytes);
  const payload = digestOf(nodeCrypto, envelope.payload);
  scene.trust.clock.set(scene.trust.clock.now() + 1000);
  const taken = await attest(ids().withdrawal, {
    subject: [{ name: "attestation", digest: { sha256: hexOf(payload) } }],
    predicateType: withdrawal.predicateType,
    predicate: {
      signer: { identity: certificate.uris[0]!, issuer: certificate.oidcIssuer! },
      reason: "flaky",
    },
  });
  const picture = await draw({ bundles: [...archive.bundles, taken] });
  assert.equal(getNode(picture, "hand-off", "test").state, "withdrawn");
});

test("digests that do not meet are a broken hand-off, also beyond the first one", async () => {
  const other = [{ name: "image", digest: { sha256: "e".repeat(64) } }];
  const predicate = { purl: "pkg:oci/hello@1" };
  const forged = await attest(ids().publish("hello"), {
    subject: other,
    predicateType: release.predicateType,
    predicate,
  });
  const picture = await draw({ bundles: [...without(ids().publish("hello")), forged] });
  const publish = getNode(picture, "hand-off", "publish");
  assert.equal(publish.state, "refused");
  assert.deepEqual(edgesInto(picture, publish), ["package broken"]);
});

test("without the gate's decision the gate is missing; with its refusal it is refused", async () => {
  assert.equal(statesOf(await draw({ bundles: without(ids().gate) }))["gate"], "missing");
  const predicate = verificationSummary.parse(
    summarize(await decide(ports, scene.authorities.trustedRoot, scene.question), ids().gate, "pkg:oci/hello")
      .predicate,
  );
  const failed = await attest(ids().gate, {
    subject: [{ name: "image", digest: { sha256: hexOf(archive.image) } }],
    predicateType: verificationSummary.predicateType,
    predicate: { ...predicate, verificationResult: "FAILED" } as unknown as Json,
  });
  const refused = await draw({ bundles: [...without(ids().gate), failed] });
  assert.equal(getNode(refused, "gate").state, "refused");
});

test("a process that the runtime has not attested is not decided, whatever the server says", async () => {
  const picture = await draw({}, [{ ...process, pid: 4712 }]);
  const node = getNode(picture, "process");
  assert.equal(node.state, "undecided");
  assert.deepEqual(
    node.reasons.map(({ code }) => code),
    ["run/unattested"],
  );
});

test("a process is the one that the runtime attested only if it started then, to the second: pids are given out again", async () => {
  const secondsLater = (seconds: number) => instantOf(process.startedAt + seconds * 1000);
  const attested = formatInstant(process.startedAt);
  for (const [startedAt, state] of [
    [process.startedAt, "verified"],
    [instantOf(Math.floor(process.startedAt / 1000) * 1000), "verified"],
    [secondsLater(1), "undecided"],
    [secondsLater(-3600), "undecided"],
  ] as const) {
    const node = getNode(await draw({}, [{ ...process, startedAt }]), "process");
    assert.equal(node.state, state);
    const isVerified = state === "verified";
    assert.equal(node.bundle !== undefined, isVerified);
    assert.equal(node.at, isVerified ? process.startedAt : startedAt);
    assert.equal(node.detail.includes(attested), isVerified, "the time is the attestation's own");
    assert.equal(node.detail.includes("as the server says"), !isVerified);
    assert.deepEqual(
      node.reasons.map(({ code, message }) => [code, message.includes(attested)]),
      isVerified ? [] : [["run/unattested", true]],
    );
  }
});

test("what steers the reader's eye is no part of a title or a detail, whoever wrote it", async () => {
  const signedAs = async (name: string): Promise<PictureNode> => {
    const old = archive.bundles.find(isOf(ids().source("hello")))!;
    const statement = parseStatement(parseBundle(old).envelope.payload);
    const { signer, ...predicate } = source.parse(statement.predicate);
    const changed = { ...predicate, signer: { ...signer, name } } as unknown as Json;
    const forged = await attest(ids().source("hello"), { ...statement, predicate: changed });
    return getNode(await draw({ bundles: [...without(ids().source("hello")), forged] }), "signer");
  };
  assert.equal((await signedAs("ada\u202eevil\u2066")).title, "ada\ufffdevil\ufffd");
  assert.equal((await signedAs("Ádá 愛")).title, "Ádá 愛", "the control");
  const picture = await draw({}, [{ ...process, workload: "a\nb\u001b[2J" }]);
  getNode(picture, "process", "a\ufffdb\ufffd[2J");
});

test("under a policy that does not count nothing else is drawn as if it did", async () => {
  const picture = await draw({ policy: archive.bundles[0]! });
  assert.deepEqual(statesOf(picture), { policy: "refused", image: "undecided" });
});

test("pictures that share hand-offs become one", async () => {
  const one = await draw();
  const two = await draw({}, [{ ...process, workload: "hello", pid: 5 }]);
  const merged = mergePictures([one, two]);
  assert.equal(merged.nodes.length, one.nodes.length + 1);
  assert.equal(merged.edges.length, one.edges.length + 1);
});
