import { nodeCrypto } from "@custody/node/crypto";
import { makeScene } from "custody/assurance/scene.testing";
import { Examination, examineBundle } from "custody/evidence";
import { decide, DecisionCache, Gates } from "custody/policy";

import type { Benchmark } from "./measure.ts";
import { rateOf } from "./measure.ts";

/** Whole-chain decisions in the library: verified anew, and looked up. */
export const decisions: Benchmark = {
  name: "decisions",
  async run() {
    const { question, authorities } = await makeScene();
    const root = authorities.trustedRoot;
    const [bundle] = question.bundles;
    if (!bundle) throw new Error("the scene has no bundle");
    const ports = { crypto: nodeCrypto, gates: new Gates() };
    const decision = await decide(ports, root, question);
    const cache = new DecisionCache();
    cache.keep(decision);
    const cold = await rateOf(() => decide(ports, root, question));
    const warm = await rateOf(() => cache.find(decision, question.at));
    const one = await rateOf(() => examineBundle(nodeCrypto, bundle, root, new Examination()));
    const beside = `one core; ${question.bundles.length} bundles, ${question.policy.layout.steps.length} steps`;
    return [
      { what: "chain decisions in the library, verified anew", value: cold, unit: "/s", beside },
      { what: "chain decisions in the library, looked up", value: warm, unit: "/s", beside: "one core" },
      { what: "bundles examined", value: one, unit: "/s", beside: "one core; 6 signatures each" },
    ];
  },
};
