import assert from "node:assert/strict";
import { test } from "node:test";

import { Examination, examineBundle, verifyChain, withdrawal } from "custody/evidence";
import type { RefusalCode, Statement } from "custody/evidence";
import { hexOf, instantOf } from "custody/ground";
import type { Bytes, Digest } from "custody/ground";
import { parseSpiffeId } from "custody/spiffe";

import { readChainRecords, takeIn, withdraw } from "./index.ts";
import type { AttestationRecord, ControlPorts } from "./index.ts";
import { openLoop, pipelineText } from "./loop.testing.ts";
import type { Loop } from "./loop.testing.ts";

interface Delivered extends Disposable {
  readonly loop: Loop;
  readonly image: Digest;
  /** The attestation of the build. */
  readonly build: AttestationRecord;
  /** The gate's reasons about the image, on these bundles besides what is kept. */
  judge(more?: readonly Bytes[], without?: readonly RefusalCode[]): Promise<readonly string[]>;
}

async function openDelivered(): Promise<Delivered> {
  const loop = await openLoop();
  await loop.setPolicy();
  const { state } = await loop.deliver(loop.commit(pipelineText, "ada"));
  const image = state.image!;
  const build = (await readChainRecords(loop.ports, image)).find(({ step }) => step === "build")!;
  return {
    loop,
    image,
    build,
    async judge(more = [], without = []) {
      const policy = (await loop.ports.policies.findPolicy("hello"))!;
      const records = await readChainRecords(loop.ports, image);
      const bundles = [...records.map(({ bytes }) => bytes), ...more];
      const question = { image, policy, bundles, at: loop.ports.clock.now() };
      const { crypto, trustedRoot } = loop.ports;
      const verdict = await verifyChain(crypto, trustedRoot, question, new Examination(without));
      return verdict.kind === "allowed" ? [] : verdict.reasons.map(({ code }) => code);
    },
    [Symbol.dispose]: () => loop[Symbol.dispose](),
  };
}

/** custody.yaml with one who may take back what others said. */
function withWithdrawer(identity: string, issuer: string): string {
  return pipelineText.replace(
    "image:\n",
    `withdrawers:\n  - { identity: "${identity}", issuer: "${issuer}" }\nimage:\n`,
  );
}

/** What a withdrawal of the build says. */
async function withdrawalOf({ loop, build }: Delivered): Promise<Statement> {
  const { crypto, trustedRoot } = loop.ports;
  const examined = await examineBundle(crypto, build.bytes, trustedRoot, new Examination());
  assert.ok(examined.kind === "verified");
  const { payload, identity, issuer } = examined.bundle;
  return {
    subject: [{ name: "attestation", digest: { sha256: hexOf(payload) } }],
    predicateType: withdrawal.predicateType,
    predicate: { signer: { identity, issuer }, reason: "the compiler was not ours" },
  };
}

test("what is withdrawn counts no more, in every later decision", async () => {
  using delivered = await openDelivered();
  const { loop, build } = delivered;
  assert.deepEqual(await delivered.judge(), []);
  const { record } = await withdraw(loop.ports, build.digest, { reason: "the compiler was not ours" });
  assert.match(
    record.rendering,
    /^withdrawn: sha256:[0-9a-f]{12} of .*step\/build \(the compiler was not ours\)/,
  );
  assert.deepEqual(await delivered.judge(), ["evidence/withdrawn"]);
  assert.deepEqual(
    await delivered.judge([], ["evidence/withdrawn"]),
    [],
    "the control: with the check off it passes",
  );
});

test("what runs by it is ended at the next turn", async () => {
  using delivered = await openDelivered();
  const { loop, build } = delivered;
  await loop.keeper.reconcileAll();
  assert.ok((await loop.stores.workloads.findWorkload("hello"))?.process);
  await withdraw(loop.ports, build.digest, { reason: "no" });
  loop.keeper.judgeSoon();
  await loop.keeper.reconcileAll();
  const { process, trouble } = (await loop.stores.workloads.findWorkload("hello"))!;
  assert.equal(process, undefined);
  assert.match(trouble ?? "", /evidence\/withdrawn/);
});

test("its signer may withdraw it, the domain's part for it, whom the policy names, and nobody else", async () => {
  const other = parseSpiffeId("spiffe://example.org/repository/hello/step/test");
  const rows: readonly (readonly [string, boolean])[] = [
    ["spiffe://example.org/repository/hello/step/build", true],
    ["spiffe://example.org/withdrawal", true],
    [other, false],
    ["spiffe://example.org/gate", false],
  ];
  for (const [identity, counts] of rows) {
    using delivered = await openDelivered();
    const statement = await withdrawalOf(delivered);
    const { bytes } = await delivered.loop.ports.attest(parseSpiffeId(identity), statement);
    assert.deepEqual(await delivered.judge([bytes]), counts ? ["evidence/withdrawn"] : [], identity);
  }
  using delivered = await openDelivered();
  const { loop } = delivered;
  const { bytes } = await loop.ports.attest(other, await withdrawalOf(delivered));
  await loop.setPolicy(withWithdrawer(other, "spiffe://example.org"));
  assert.deepEqual(await delivered.judge([bytes]), ["evidence/withdrawn"]);
});

test("a withdrawal that names another signer, another payload or nothing readable withdraws nothing", async () => {
  using delivered = await openDelivered();
  const { loop, build } = delivered;
  const whole = await withdrawalOf(delivered);
  const predicate = whole.predicate as {
    readonly signer: { identity: string; issuer: string };
    reason: string;
  };
  const changes: readonly Partial<Statement>[] = [
    { subject: [{ name: "attestation", digest: { sha256: "0".repeat(64) } }] },
    { subject: [{ name: "attestation", digest: { sha256: hexOf(build.digest) } }] },
    { predicate: { ...predicate, signer: { ...predicate.signer, issuer: "https://issuer.test" } } },
    {
      predicate: { ...predicate, signer: { ...predicate.signer, identity: `${predicate.signer.identity}2` } },
    },
    { predicate: { signer: predicate.signer, reason: "" } },
    { predicate: {} },
  ];
  const by = loop.ports.identities.withdrawal;
  for (const change of changes) {
    const { bytes } = await loop.ports.attest(by, { ...whole, ...change });
    assert.deepEqual(await delivered.judge([bytes]), [], JSON.stringify(change));
  }
  assert.deepEqual(await delivered.judge([(await loop.ports.attest(by, whole)).bytes]), [
    "evidence/withdrawn",
  ]);
});

test("what was withdrawn before it was said is not: attested again, it counts again", async () => {
  using delivered = await openDelivered();
  const { loop, build } = delivered;
  await withdraw(loop.ports, build.digest, { reason: "too soon" });
  const { crypto, trustedRoot, identities } = loop.ports;
  const examined = await examineBundle(crypto, build.bytes, trustedRoot, new Examination());
  assert.ok(examined.kind === "verified");
  loop.trust.clock.set(instantOf(loop.trust.clock.now() + 1000));
  const again = await loop.ports.attest(identities.step("hello", "build"), examined.bundle.statement);
  assert.deepEqual(await delivered.judge([again.bytes]), []);
});

test("a withdrawal says what takes the place of what it withdraws", async () => {
  using delivered = await openDelivered();
  const { loop, build, image } = delivered;
  const records = await readChainRecords(loop.ports, image);
  const test = records.find(({ step }) => step === "test")!;
  const { record } = await withdraw(loop.ports, build.digest, {
    reason: "done better",
    supersededBy: test.digest,
  });
  assert.match(record.rendering, /superseded by sha256:[0-9a-f]{12}/);
});

test("an attestation that is not kept here cannot be withdrawn here", async () => {
  using delivered = await openDelivered();
  const digest = `sha256:${"0".repeat(64)}` as Digest;
  await assert.rejects(withdraw(delivered.loop.ports, digest, { reason: "x" }), {
    code: "attestation/unknown",
  });
});

test("nothing takes its own place", async () => {
  using delivered = await openDelivered();
  const { loop, build } = delivered;
  const request = { reason: "x", supersededBy: build.digest };
  await assert.rejects(withdraw(loop.ports, build.digest, request), {
    code: "evidence/superseded-by-itself",
  });
  const statement = await withdrawalOf(delivered);
  const said = statement.subject[0]?.digest ?? {};
  const predicate = { ...(statement.predicate as object), supersededBy: { digest: said } };
  const { bytes } = await loop.ports.attest(loop.ports.identities.withdrawal, { ...statement, predicate });
  const taken = takeIn(loop.ports, bytes, { onlyAwaited: false });
  await assert.rejects(taken, { code: "evidence/superseded-by-itself" });
});

test("what is withdrawn already is not withdrawn once more: nothing is signed, and the first is named", async () => {
  using delivered = await openDelivered();
  const { loop, build } = delivered;
  const first = await withdraw(loop.ports, build.digest, { reason: "the compiler was not ours" });
  assert.equal(first.isNew, true);
  const ports: ControlPorts = { ...loop.ports, attest: () => Promise.reject(new Error("nothing is signed")) };
  const second = await withdraw(ports, build.digest, { reason: "still not ours" });
  assert.deepEqual([second.isNew, second.record.digest], [false, first.record.digest]);
  const { bytes } = await loop.ports.attest(loop.ports.identities.withdrawal, await withdrawalOf(delivered));
  const again = await takeIn(loop.ports, bytes, { onlyAwaited: true });
  assert.deepEqual([again.isNew, again.record.digest], [false, first.record.digest]);
});
