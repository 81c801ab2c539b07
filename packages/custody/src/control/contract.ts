import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { test } from "node:test";

import { parseRepositoryPolicy, parseRuleSet, policyRevisionOf, ruleSetRevisionOf } from "custody/evidence";
import type { RepositoryPolicy, RuleSet, Sighting } from "custody/evidence";
import { parseObjectId } from "custody/git";
import { formatDigest, instantOf, utf8 } from "custody/ground";
import type { Bytes, Digest } from "custody/ground";

import type { AttestationRecord, DeliveryFilter } from "./ports.ts";
import type { Delivery } from "./delivery.ts";
import type { ControlStores } from "./memory.ts";

const leaseSeconds = 60;
/** A lease that is over when it begins. */
const noLease = 0;

/** Registers the tests that the stores of the control loop pass together. `open` gives new, empty ones each time. */
export function testControlStores(name: string, open: () => Promise<ControlStores>): void {
  const check = (what: string, run: (stores: ControlStores) => Promise<void>): void => {
    test(`${name}: ${what}`, async () => run(await open()));
  };
  testDeliveries(check);
  testAttestations(check);
  testPolicies(check);
  testWorkloads(check);
}

type Check = (what: string, run: (stores: ControlStores) => Promise<void>) => void;

function testDeliveries(check: Check): void {
  check("a delivery is there when it was taken in, and listed newest first", async ({ deliveries }) => {
    const [first, second] = [await create(deliveries), await create(deliveries, "other")];
    assert.deepEqual(await deliveries.find(first.id), first);
    assert.equal(first.phase, "source");
    const ids = (await deliveries.list({ limit: 10 })).map(({ id }) => id);
    assert.deepEqual(ids, [second.id, first.id]);
    const own = await deliveries.list({ repository: "hello", limit: 10 });
    assert.deepEqual(own, [first]);
    assert.equal((await deliveries.list({ limit: 1 })).length, 1);
    assert.equal(await deliveries.find("none"), undefined);
  });

  check("deliveries are listed by commit, and from before one on", async ({ deliveries }) => {
    const [first, second, third] = [
      await create(deliveries),
      await create(deliveries, "other"),
      await create(deliveries, "hello", "b"),
    ];
    const list = async (filter: Omit<DeliveryFilter, "limit">): Promise<string[]> =>
      (await deliveries.list({ limit: 10, ...filter })).map(({ id }) => id);
    assert.deepEqual(await list({ commit: first.commit }), [second.id, first.id]);
    assert.deepEqual(await list({ commit: third.commit }), [third.id]);
    assert.deepEqual(await list({ before: third.id }), [second.id, first.id]);
    assert.deepEqual(await list({ before: third.id, repository: "hello" }), [first.id]);
    assert.deepEqual(await list({ before: first.id }), []);
    assert.deepEqual(await list({ before: "none" }), []);
  });

  check("two claimers never hold one delivery, and the oldest goes first", async ({ deliveries }) => {
    const created = [await create(deliveries), await create(deliveries), await create(deliveries)];
    const owners = Array.from({ length: 8 }, (_, i) => `owner-${i}`);
    const claims = owners.map((owner) => deliveries.claim(owner, leaseSeconds));
    const held = (await Promise.all(claims)).flatMap((one) => one?.id ?? []);
    assert.deepEqual(held.toSorted(), created.map(({ id }) => id).toSorted());
    for (const owner of owners) await deliveries.release(owner);
    assert.equal((await deliveries.claim("late", noLease))?.id, created[0]?.id);
  });

  check("a lease that is over lets another take it, with a higher epoch", async ({ deliveries }) => {
    const { id } = await create(deliveries);
    const first = await deliveries.claim("a", noLease);
    const second = await deliveries.claim("b", leaseSeconds);
    assert.deepEqual([first?.id, second?.id], [id, id]);
    assert.ok(second!.epoch > first!.epoch);
    assert.equal(await deliveries.claim("c", leaseSeconds), undefined);
  });

  check("an old epoch cannot renew, and cannot advance or leave anything behind", async (stores) => {
    const { deliveries, attestations } = stores;
    await create(deliveries);
    const old = await deliveries.claim("a", noLease);
    const current = await deliveries.claim("b", leaseSeconds);
    const proof = makeRecord("build", "1");
    assert.equal(await deliveries.renew(old!.id, old!.epoch, leaseSeconds), false);
    assert.equal(await deliveries.advance(old!, { phase: "steps", state: {} }, [proof]), false);
    assert.equal((await deliveries.find(old!.id))?.phase, "source");
    assert.equal(await attestations.find(proof.digest), undefined);
    assert.equal(await deliveries.renew(current!.id, current!.epoch, leaseSeconds), true);
  });

  check("advancing keeps the phase, the state and the attestations together", async (stores) => {
    const { deliveries, attestations } = stores;
    await create(deliveries);
    const held = await deliveries.claim("a", leaseSeconds);
    const proof = makeRecord("build", "1");
    const state = { pipeline: "version: 1", attestations: [proof.digest] };
    assert.equal(await deliveries.advance(held!, { phase: "steps", state }, [proof]), true);
    const found = await deliveries.find(held!.id);
    assert.deepEqual([found?.phase, found?.state], ["steps", state]);
    assert.deepEqual(await attestations.find(proof.digest), proof);
  });

  check("what has ended is not claimed, renewed or moved again", async ({ deliveries }) => {
    await create(deliveries);
    const held = await deliveries.claim("a", noLease);
    assert.equal(await deliveries.advance(held!, { phase: "refused", state: {} }, []), true);
    assert.equal(await deliveries.claim("b", leaseSeconds), undefined);
    assert.equal(await deliveries.renew(held!.id, held!.epoch, leaseSeconds), false);
    assert.equal(await deliveries.advance(held!, { phase: "done", state: {} }, []), false);
    assert.equal((await deliveries.find(held!.id))?.phase, "refused");
  });

  check("release frees what its owner held and nothing else", async ({ deliveries }) => {
    const [a, b] = [await create(deliveries), await create(deliveries)];
    await deliveries.claim("mine", leaseSeconds);
    await deliveries.claim("other", leaseSeconds);
    await deliveries.release("mine");
    assert.equal((await deliveries.claim("next", leaseSeconds))?.id, a.id);
    assert.equal(await deliveries.claim("next", leaseSeconds), undefined);
    assert.equal((await deliveries.find(b.id))?.epoch, 1);
  });
}

function testAttestations(check: Check): void {
  check("attestations are found by what went in and what came out, in the log's order", async (stores) => {
    const { attestations } = stores;
    const [late, early] = [makeRecord("package", "2", 7), makeRecord("build", "1", 3)];
    await attestations.add([late, early]);
    const made = await attestations.findByArtifacts([`sha256:${"1".repeat(64)}`]);
    assert.deepEqual(made, [early]);
    const taken = await attestations.findByArtifacts([`gitCommit:${"a".repeat(40)}`]);
    assert.deepEqual(taken, [early, late]);
    const key = `sha256:${"1".repeat(64)}`;
    assert.deepEqual(await attestations.findByArtifacts([key], { as: "product" }), [early]);
    assert.deepEqual(await attestations.findByArtifacts([key], { as: "material" }), []);
    const { predicateType } = early;
    assert.deepEqual(await attestations.findByArtifacts([key], { predicateType }), [early]);
    assert.deepEqual(await attestations.findByArtifacts([key], { predicateType: "another" }), []);
    assert.deepEqual(await attestations.findByArtifacts([]), []);
    assert.deepEqual(await attestations.findByArtifacts([`sha512:${"1".repeat(64)}`]), []);
  });

  check("a signer's attestations are counted from a time on", async ({ attestations }) => {
    const records = ["1", "2", "3"].map((digit) => makeRecord("build", digit));
    const [early, late, last] = records.map((record, at) => ({
      ...record,
      signedAt: instantOf(record.signedAt + at * 1000),
    }));
    assert.ok(early && late && last);
    await attestations.add([early, late, last, makeRecord("test", "4")]);
    assert.equal(await attestations.countOfSigner(early.identity, early.signedAt), 3);
    assert.equal(await attestations.countOfSigner(early.identity, late.signedAt), 2);
    assert.equal(await attestations.countOfSigner(early.identity, instantOf(last.signedAt + 1)), 0);
    assert.equal(await attestations.countOfSigner("spiffe://example.org/nobody", early.signedAt), 0);
  });

  check("adding an attestation again changes nothing", async ({ attestations }) => {
    const record = makeRecord("build", "1");
    await attestations.add([record]);
    await attestations.add([{ ...record, rendering: "something else" }, record]);
    assert.deepEqual(await attestations.find(record.digest), record);
  });
}

function testPolicies(check: Check): void {
  check("a policy is set with its attestation, and its revision is the document's", async (stores) => {
    const { policies, attestations } = stores;
    const [policy, proof] = [makePolicy("2030-01-01T00:00:00Z"), makeRecord("policy", "3")];
    assert.equal(await policies.findPolicy("hello"), undefined);
    assert.equal(await policies.findRevision("hello"), undefined);
    assert.equal(await policies.setPolicy(policy, undefined, proof), true);
    assert.deepEqual(await policies.findPolicy("hello"), policy);
    assert.equal(await policies.findRevision("hello"), revisionOf(policy));
    assert.deepEqual(await attestations.find(proof.digest), proof);
    assert.deepEqual(await policies.listRepositories(), ["hello"]);
  });

  check("of two who change a policy at once one succeeds, and the other leaves nothing", async (stores) => {
    const { policies, attestations } = stores;
    const first = makePolicy("2030-01-01T00:00:00Z");
    await policies.setPolicy(first, undefined, makeRecord("policy", "0"));
    const changes = ["2031", "2032"].map((year, i) => ({
      policy: makePolicy(`${year}-01-01T00:00:00Z`),
      proof: makeRecord("policy", String(i + 1)),
    }));
    const won = await Promise.all(
      changes.map(({ policy, proof }) => policies.setPolicy(policy, revisionOf(first), proof)),
    );
    assert.equal(won.filter(Boolean).length, 1);
    const [winner, loser] = won[0] ? changes : changes.toReversed();
    assert.deepEqual(await policies.findPolicy("hello"), winner!.policy);
    assert.ok(await attestations.find(winner!.proof.digest));
    assert.equal(await attestations.find(loser!.proof.digest), undefined);
  });

  check("added rules are set with their attestation, each scope by itself, by one of two", async (stores) => {
    const { policies, attestations } = stores;
    const makeRules = (text: string): RuleSet =>
      parseRuleSet({ scope: { kind: "project", name: "acme" }, modules: [{ file: "a.rego", text }] });
    const [first, second] = [makeRules("package gates.admit"), makeRules("package gates.source")];
    const revision = ruleSetRevisionOf(sha256, first);
    const proofs = ["4", "5", "6"].map((digit) => makeRecord("rules", digit));
    assert.equal(await policies.findRules(first.scope), undefined);
    assert.equal(await policies.setRules(first, undefined, proofs[0]!), true);
    assert.deepEqual(await policies.findRules(first.scope), first);
    assert.equal(await policies.findRules({ kind: "workload", name: "acme" }), undefined);
    assert.equal(await policies.setRules(second, undefined, proofs[1]!), false);
    assert.equal(await attestations.find(proofs[1]!.digest), undefined);
    assert.equal(await policies.setRules(second, revision, proofs[2]!), true);
    assert.deepEqual(await policies.findRules(first.scope), second);
    assert.deepEqual(await attestations.find(proofs[2]!.digest), proofs[2]);
  });

  check("a policy that is there is not set as if there were none", async ({ policies }) => {
    const [first, second] = [makePolicy("2030-01-01T00:00:00Z"), makePolicy("2031-01-01T00:00:00Z")];
    await policies.setPolicy(first, undefined, makeRecord("policy", "0"));
    assert.equal(await policies.setPolicy(second, undefined, makeRecord("policy", "1")), false);
    const missing = { ...second, repository: "other" };
    assert.equal(await policies.setPolicy(missing, revisionOf(first), makeRecord("policy", "2")), false);
    assert.deepEqual(await policies.listRepositories(), ["hello"]);
  });
}

function testWorkloads(check: Check): void {
  const image = digestOf("image");
  const process = {
    sandboxId: "s",
    pid: 4711,
    startedAt: instantOf(1_700_000_000_000),
    address: "127.0.0.1:8080",
    image,
  };

  check("what should run and what does are kept apart", async ({ workloads }) => {
    await workloads.want("hello", image);
    assert.deepEqual(await workloads.findWorkload("hello"), { name: "hello", image, desired: "running" });
    await workloads.observe("hello", process, "slow");
    const seen = { name: "hello", image, desired: "running", process, trouble: "slow" };
    assert.deepEqual(await workloads.findWorkload("hello"), seen);
    const next = digestOf("next");
    await workloads.want("hello", next);
    const wanted = { name: "hello", image: next, desired: "running", process };
    assert.deepEqual(await workloads.list(), [wanted]);
    await workloads.observe("hello", undefined);
    assert.equal((await workloads.findWorkload("hello"))?.process, undefined);
  });

  check("a workload that is not there is neither stopped nor observed", async ({ workloads }) => {
    assert.equal(await workloads.setDesired("none", "stopped"), false);
    await workloads.observe("none", process);
    assert.equal(await workloads.findWorkload("none"), undefined);
  });

  check("a stopped workload stays stopped until it is wanted again", async ({ workloads }) => {
    await workloads.want("hello", image);
    assert.equal(await workloads.setDesired("hello", "stopped"), true);
    assert.equal((await workloads.findWorkload("hello"))?.desired, "stopped");
    await workloads.want("hello", image);
    assert.equal((await workloads.findWorkload("hello"))?.desired, "running");
  });

  check("the high-water mark only rises, whoever raises it", async ({ workloads }) => {
    assert.equal(await workloads.findHighWater("hello"), undefined);
    const seen = (second: number, logIndex: number) => ({ signedAt: instantOf(second * 1000), logIndex });
    const raise = (sighting: Sighting) => workloads.raiseHighWater("hello", sighting);
    await Promise.all([seen(1, 5), seen(1, 9), seen(1, 2)].map(raise));
    assert.deepEqual(await workloads.findHighWater("hello"), seen(1, 9));
    await raise(seen(1, 3));
    assert.deepEqual(await workloads.findHighWater("hello"), seen(1, 9));
    await raise(seen(2, 0));
    assert.deepEqual(await workloads.findHighWater("hello"), seen(2, 0), "the first entry of the next shard");
    await raise(seen(1, 10));
    assert.deepEqual(await workloads.findHighWater("hello"), seen(2, 0), "the old shard does not come back");
  });
}

function create(
  deliveries: ControlStores["deliveries"],
  repository = "hello",
  digit = "a",
): Promise<Delivery> {
  const commit = parseObjectId(digit.repeat(40));
  return deliveries.create({ id: randomUUID(), repository, commit, ref: "refs/heads/main" });
}

function makeRecord(step: string, digit: string, logIndex = 0): AttestationRecord {
  const bytes = utf8(`${step} ${digit}`);
  return {
    digest: digestOf(`${step} ${digit}`),
    bytes,
    predicateType: "https://example.org/step/v1",
    identity: `spiffe://example.org/${step}`,
    signedAt: instantOf(1_700_000_000_000),
    logIndex,
    step,
    rendering: `${step} was done`,
    materials: [{ name: "commit", digest: { gitCommit: "a".repeat(40) } }],
    products: [{ name: step, digest: { sha256: digit.repeat(64) } }],
  };
}

function digestOf(text: string): Digest {
  return sha256(utf8(text));
}

function sha256(bytes: Bytes): Digest {
  return formatDigest(createHash("sha256").update(bytes).digest());
}

function revisionOf(policy: RepositoryPolicy): Digest {
  return policyRevisionOf(sha256, policy);
}

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIlizSIN3DQV78VPNjVvvwjgf+P5HqbPYCYu3BOMdjAE";

function makePolicy(expires: string): RepositoryPolicy {
  return parseRepositoryPolicy({
    repository: "hello",
    signers: [
      {
        name: "ada",
        key: publicKey,
        validFor: { start: "2026-01-01T00:00:00Z", end: "2026-01-02T00:00:00Z" },
      },
    ],
    layout: {
      expires,
      steps: [
        {
          name: "source",
          expectedMaterials: ["DISALLOW *"],
          expectedProducts: ["ALLOW source", "DISALLOW *"],
          expectedPredicate: {
            predicateType: "https://custody.dev/attestation/source/v1",
            functionaries: ["spiffe://example.org/repository/hello/source"],
            threshold: 1,
          },
        },
      ],
    },
  });
}
