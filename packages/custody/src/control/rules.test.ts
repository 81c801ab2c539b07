import assert from "node:assert/strict";
import { test } from "node:test";

import { ruleSetRevisionOf } from "custody/evidence";
import type { RepositoryPolicy, RuleScope, RuleSet } from "custody/evidence";
import { digestOf } from "custody/ground";
import type { Digest } from "custody/ground";
import { gateNames } from "custody/policy";

import { Keeper, setPolicy, setRules } from "./index.ts";
import { openLoop, pipelineText } from "./loop.testing.ts";
import type { Loop } from "./loop.testing.ts";

const workload: RuleScope = { kind: "workload", name: "hello" };

function rulesOf(text: string, scope: RuleScope = { kind: "repository", name: "hello" }): RuleSet {
  return { scope, modules: text === "" ? [] : [{ file: "rules.rego", text }] };
}

async function getPolicy({ stores }: Loop, repository = "hello"): Promise<RepositoryPolicy> {
  const policy = await stores.policies.findPolicy(repository);
  assert.ok(policy);
  return policy;
}

async function change(loop: Loop, changes: Partial<RepositoryPolicy>): Promise<RepositoryPolicy> {
  const expected = await loop.stores.policies.findRevision("hello");
  return (await setPolicy(loop.ports, { ...(await getPolicy(loop)), ...changes }, expected)).policy;
}

async function setScoped(loop: Loop, set: RuleSet): Promise<readonly string[]> {
  const known = await loop.stores.policies.findRules(set.scope);
  const before = known && (await setRules(loop.ports, known, undefined).catch(() => undefined));
  assert.equal(before, undefined, "what is there is not set as if it were not");
  return (await setRules(loop.ports, set, known && revisionOf(loop, known))).repositories;
}

function revisionOf({ ports }: Loop, set: RuleSet): Digest {
  return ruleSetRevisionOf((bytes) => digestOf(ports.crypto, bytes), set);
}

/** What each gate's rule looks at: something that this gate alone is told. */
const conditions: Readonly<Record<string, string>> = {
  source: 'input.signer.name == "Ada"',
  build: 'input.step.name == "test"',
  package: 'input.image.user == "1000:1000"',
  publish: '"latest" in input.tags',
  admit: "count(input.chain.steps) > 3",
  running: 'input.workload == "hello"',
};

for (const gate of gateNames) {
  test(`a repository's rule of the ${gate} gate refuses what the gate itself lets through`, async () => {
    using loop = await openLoop();
    await loop.setPolicy();
    const commit = loop.commit(pipelineText, "ada");
    const rule = `package gates.${gate}\ndeny contains {"code": "not-today", "message": "no"} if {\n${conditions[gate]}\n`;
    await change(loop, { rules: [rulesOf(`${rule}}`)] });
    const refused = await loop.deliver(commit);
    const { code, message } = refused.state.reasons?.[0] ?? {};
    assert.deepEqual([refused.phase, code], ["refused", "rule/not-today"]);
    assert.match(message ?? "", /a rule of repository hello/);
    await change(loop, { rules: [rulesOf(`${rule}false }`)] });
    assert.equal((await loop.deliver(commit)).phase, "done", "without the rule it goes through");
  });
}

test("rules that could not be evaluated end a delivery as undecided", async () => {
  using loop = await openLoop();
  await loop.setPolicy();
  const rule = 'package gates.build\ndeny contains "x" if 1 / (count(input.step.outputs) - 1)';
  await change(loop, { rules: [rulesOf(rule)] });
  const { phase, state } = await loop.deliver(loop.commit(pipelineText, "ada"));
  assert.deepEqual([phase, state.reasons?.[0]?.code], ["undecided", "gate/unevaluable"]);
});

test("a policy whose rules do not compile is not set", async () => {
  using loop = await openLoop();
  await loop.setPolicy();
  const before = await getPolicy(loop);
  const rules = [rulesOf('package gates.admit\ndeny contains "x" if input.imag')];
  await assert.rejects(change(loop, { rules }), { code: "policy/rules", message: /rules\.rego:2/ });
  assert.deepEqual(await getPolicy(loop), before);
});

test("a workload's rules come into its repository's policy, and stay when that is set again", async () => {
  using loop = await openLoop();
  await loop.setPolicy();
  const set = rulesOf('package gates.admit\ndeny contains "closed"', workload);
  assert.deepEqual(await setScoped(loop, set), ["hello"]);
  assert.deepEqual((await getPolicy(loop)).rules, [set]);
  await loop.setPolicy();
  assert.deepEqual((await getPolicy(loop)).rules, [set], "who sets the policy cannot leave them out");
  const own = rulesOf('package gates.source\ndeny contains "x" if input.ref == "tag"');
  assert.deepEqual((await change(loop, { rules: [own] })).rules, [own, set]);
  const commit = loop.commit(pipelineText, "ada");
  assert.equal((await loop.deliver(commit)).phase, "refused");
  await setScoped(loop, rulesOf("", workload));
  assert.deepEqual((await getPolicy(loop)).rules, [own]);
  assert.equal((await loop.deliver(commit)).phase, "done");
});

test("a project's rules are for its repositories, those that come later too, and for no other", async () => {
  using loop = await openLoop();
  await loop.setPolicy();
  const set = rulesOf('package gates.admit\ndeny contains "x"', { kind: "project", name: "acme" });
  assert.deepEqual(await setScoped(loop, set), []);
  const document = { ...(await getPolicy(loop)), repository: "acme/hello" };
  const { policy } = await setPolicy(loop.ports, document, undefined);
  assert.deepEqual(policy.rules, [set]);
  assert.equal((await getPolicy(loop)).rules, undefined);
  const stray = { ...document, repository: "acme-two/hello", rules: [set] };
  await assert.rejects(setPolicy(loop.ports, stray, undefined), { code: "policy/malformed" });
});

test("rules that somebody changed or took away behind the server's back stop a policy from being set", async () => {
  for (const found of [rulesOf("", workload), undefined]) {
    let isTampered = false;
    using loop = await openLoop({
      change: ({ policies }) => ({
        policies: {
          ...policies,
          findRules: async (scope) =>
            isTampered && scope.kind === "workload" ? found : policies.findRules(scope),
        },
      }),
    });
    await loop.setPolicy();
    await setScoped(loop, rulesOf('package gates.admit\ndeny contains "closed"', workload));
    await loop.setPolicy();
    isTampered = true;
    await assert.rejects(loop.setPolicy(), { code: "policy/unattested" });
  }
});

test("a repository's own rules are set with its policy only", async () => {
  using loop = await openLoop();
  await assert.rejects(setRules(loop.ports, rulesOf("package gates.admit\ndeny contains 1"), undefined), {
    code: "policy/malformed",
    next: /custody policy rules hello DIR/,
  });
});

const minute = 60_000;

async function openRunning(): Promise<Loop> {
  const loop = await openLoop();
  await loop.setPolicy();
  assert.equal((await loop.deliver(loop.commit(pipelineText, "ada"))).phase, "done");
  return loop;
}

async function judgeLater({ trust, keeper, stores }: Loop): Promise<{ runs: boolean; trouble: string }> {
  trust.clock.set(trust.clock.now() + minute);
  await keeper.reconcileAll();
  const found = await stores.workloads.findWorkload("hello");
  return { runs: found?.process !== undefined, trouble: found?.trouble ?? "" };
}

test("what runs is judged again every minute, and ends when a rule denies it", async () => {
  using loop = await openRunning();
  assert.deepEqual(await judgeLater(loop), { runs: true, trouble: "" });
  const started = (await loop.stores.workloads.findWorkload("hello"))?.process?.startedAt ?? 0;
  const rule = (seconds: number): string =>
    [
      "package gates.running",
      'deny contains {"code": "stale", "message": "it is too old"} if {',
      `  time.parse_rfc3339_ns(input.at) > ${started + seconds * 1000} * 1000000`,
      "}",
    ].join("\n");
  await change(loop, { rules: [rulesOf(rule(3600))] });
  assert.equal((await judgeLater(loop)).runs, true);
  await change(loop, { rules: [rulesOf(rule(60))] });
  const ended = await judgeLater(loop);
  assert.equal(ended.runs, false);
  assert.match(ended.trouble, /it was ended: rule\/stale: it is too old/);
  await loop.keeper.reconcileAll();
  assert.equal((await judgeLater(loop)).runs, false, "it does not start again while the rule stands");
  await change(loop, { rules: [] });
  assert.equal((await judgeLater(loop)).runs, true);
});

test("what runs ends when its commit's signer counts no longer, and goes on when only the layout has changed", async () => {
  using loop = await openRunning();
  const lint = "  - { name: lint, kind: test, stemcell: base, run: check }\nimage:\n";
  await loop.setPolicy(pipelineText.replace("image:\n", lint));
  assert.equal((await judgeLater(loop)).runs, true);
  const { signers } = await getPolicy(loop);
  const key = loop.git.makeKey("grace").publicLine;
  await change(loop, { signers: signers.map((signer) => ({ ...signer, key })) });
  const ended = await judgeLater(loop);
  assert.equal(ended.runs, false);
  assert.match(ended.trouble, /source\/signer-not-listed/);
});

test("what runs goes on while nothing can be decided", async () => {
  let isBroken = false;
  using loop = await openLoop({
    change: ({ attestations }) => ({
      attestations: {
        ...attestations,
        findByArtifacts: async (...search) =>
          isBroken ? Promise.reject(new Error("no database")) : attestations.findByArtifacts(...search),
      },
    }),
  });
  await loop.setPolicy();
  await loop.deliver(loop.commit(pipelineText, "ada"));
  isBroken = true;
  assert.equal((await judgeLater(loop)).runs, true);
  await assert.rejects(new Keeper(loop.ports).reconcile("hello"), "and nothing starts");
});
