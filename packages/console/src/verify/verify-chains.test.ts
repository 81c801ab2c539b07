import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { makeScene } from "custody/assurance/scene.testing";
import type { TestScene } from "custody/assurance/scene.testing";
import { policy as policyType, policyRevisionOf } from "custody/evidence";
import { digestOf, hexOf, instantOf, toBase64 } from "custody/ground";
import type { Bytes, Json } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";
import { decide, Gates, identitiesOf, summarize } from "custody/policy";

import { rememberCrypto } from "./remember-crypto.ts";
import { verifyChains } from "./verify-chains.ts";
import type { VerifiedChains } from "./verify-chains.ts";

const gates = new Gates({ backend: "closures" });
let scene: TestScene;
let answer: { readonly chains: readonly Chain[] } & Record<string, unknown>;

interface Chain {
  readonly image: string;
  readonly repository: string;
  readonly policy: string;
  readonly bundles: readonly string[];
}

before(async () => {
  scene = await makeScene();
  const { authorities, question } = scene;
  const ids = identitiesOf(authorities.trustDomain);
  const revision = policyRevisionOf((bytes) => digestOf(nodeCrypto, bytes), question.policy);
  const policy = await scene.attest(ids.policy, {
    subject: [{ name: "policy/hello", digest: { sha256: hexOf(revision) } }],
    predicateType: policyType.predicateType,
    predicate: question.policy as unknown as Json,
  });
  const decision = await decide({ crypto: nodeCrypto, gates }, authorities.trustedRoot, question);
  const admission = await scene.attest(ids.gate, summarize(decision, ids.gate, "pkg:oci/hello"));
  const bundles = [...question.bundles, admission.bytes].map((bytes: Bytes) => toBase64(bytes));
  answer = {
    thing: "hello",
    direction: "back",
    chains: [{ image: question.image, repository: "hello", policy: toBase64(policy.bytes), bundles }],
    left: 0,
    processes: [],
    deliveries: [],
  };
});

const verify = (told: object, hear?: (soFar: VerifiedChains) => void): Promise<VerifiedChains> =>
  verifyChains(
    { crypto: rememberCrypto(webCrypto), gates, root: scene.authorities.trustedRoot },
    JSON.stringify(told),
    { word: "hello", at: instantOf(scene.question.at), tell: async (soFar) => hear?.(soFar) },
  );
const chain = (): Chain => answer.chains[0]!;
const withChain = (change: (chain: Chain) => Partial<Chain>): object => ({
  ...answer,
  chains: [{ ...chain(), ...change(chain()) }],
});
const states = ({ chains }: VerifiedChains): string[] => chains.map(({ state }) => state);

describe("the server's answer, verified", () => {
  test("a whole chain is verified, with every bundle to look at", async () => {
    const found = await verify(answer);
    assert.deepEqual(states(found), ["verified"]);
    assert.equal(Object.keys(found.bundles).length, chain().bundles.length + 1);
    assert.ok(found.picture.nodes.every(({ state }) => state === "verified"));
    assert.deepEqual([found.pending, found.left, found.direction], [0, 0, "back"]);
  });

  test("an answer with a bundle less, another's policy or image, or nothing at all, is not", async () => {
    const check = async (change: (chain: Chain) => Partial<Chain>): Promise<void> => {
      const [state] = states(await verify(withChain(change)));
      assert.notEqual(state, "verified");
    };
    for (let i = 0; i < chain().bundles.length; i++)
      await check(({ bundles }) => ({ bundles: bundles.filter((_, at) => at !== i) }));
    await check(({ bundles }) => ({ policy: bundles[0]! }));
    await check(() => ({ image: `sha256:${"9".repeat(64)}` }));
    await check(() => ({ repository: "other" }));
    await check(() => ({ bundles: [] }));
  });

  test("a process that only the server tells of is drawn, and not as verified", async () => {
    const process = {
      sandboxId: "s",
      pid: 7,
      startedAt: scene.question.at,
      address: "127.0.0.1:1",
      image: chain().image,
    };
    const told = { name: "hello", image: chain().image, desired: "running", process };
    const { picture } = await verify({ ...answer, processes: [told] });
    assert.equal(picture.nodes.find(({ kind }) => kind === "process")?.state, "undecided");
  });

  test("of several chains the first is told of while the others are verified", async () => {
    const broken = { ...chain(), bundles: chain().bundles.slice(1) };
    const soFar: VerifiedChains[] = [];
    const found = await verify({ ...answer, chains: [chain(), broken, chain()] }, (one) => soFar.push(one));
    assert.deepEqual(soFar.map(states), [["verified"]]);
    assert.equal(soFar[0]?.pending, 2);
    assert.deepEqual(
      states(found).map((state) => state === "verified"),
      [true, false, true],
    );
    assert.equal(found.pending, 0);
  });

  test("an answer that cannot be read is a fault, and verifies nothing", async () => {
    const check = (told: object, code: string): Promise<void> => assert.rejects(verify(told), { code });
    await check({}, "console/chains");
    await check({ ...answer, chains: "all" }, "console/chains");
    await check({ ...answer, direction: "sideways" }, "console/chains");
    await assert.rejects(verify(withChain(() => ({ image: "sha256:0" }))));
    await assert.rejects(verify(withChain(() => ({ policy: "%" }))));
  });
});
