import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { nodeCrypto } from "@custody/node/crypto";
import type { Json } from "custody/ground";
import { Seen, verifySigstoreBundle } from "custody/sigstore";
import type { SigstoreQuestion } from "custody/sigstore";

import {
  artifact,
  ask,
  forgeBundle,
  identity,
  makeWorld,
  oidcIssuer,
} from "../packages/custody/src/sigstore/forge.testing.ts";
import type { Wish, World } from "../packages/custody/src/sigstore/forge.testing.ts";
import type { Benchmark, Figure } from "./measure.ts";
import { rateOf } from "./measure.ts";

/** More than the crypto adapter remembers keys of, so that cold is cold. */
const bundleCount = 300;
const kinds: readonly (readonly [string, Wish])[] = [
  ["Rekor v1, message", {}],
  ["Rekor v2, DSSE, timestamp", { entry: "dsse 0.0.2" }],
];

/** Sigstore bundles a second on one core, from their JSON to the answer, beside the field's verifier on the same ones. */
export const verifyBundles: Benchmark = {
  name: "verify",
  async run(say) {
    const world = await makeWorld();
    const figures: Figure[] = [];
    for (const [kind, wish] of kinds) {
      say(`${bundleCount} bundles: ${kind}`);
      figures.push(...(await measure(kind, await forge(world, wish), world.root)));
    }
    return figures;
  },
};

async function forge(world: World, wish: Wish): Promise<readonly SigstoreQuestion[]> {
  const questions: SigstoreQuestion[] = [];
  const { root } = ask({}, world.root);
  for (let i = 0; i < bundleCount; i++)
    questions.push({ ...ask(await forgeBundle(world, wish), world.root), root });
  return questions;
}

async function measure(kind: string, questions: readonly SigstoreQuestion[], root: Json): Promise<Figure[]> {
  const [first] = questions;
  if (!first) return [];
  const theirs = await rateOf(inTurn(questions, peerOf(root)));
  const cold = await rateOf(inTurn(questions, (question) => verify(question)));
  const seen = new Seen(first.root);
  for (const question of questions) await verify(question, seen);
  const warm = await rateOf(inTurn(questions, (question) => verify(question, seen)));
  const figure = (what: string, value: number): Figure => ({
    what: `bundles verified, ${kind}, ${what}`,
    value,
    unit: "per second",
    beside: `@sigstore/verify: ${theirs.toFixed(0)} (ours ${(value / theirs).toFixed(1)}×)`,
  });
  return [figure("nothing seen before", cold), figure("certificate and checkpoint seen before", warm)];
}

function inTurn(
  questions: readonly SigstoreQuestion[],
  work: (question: SigstoreQuestion) => unknown,
): () => unknown {
  let next = 0;
  return () => {
    const question = questions[next++ % questions.length];
    return question && work(question);
  };
}

async function verify(question: SigstoreQuestion, seen?: Seen): Promise<void> {
  const verdict = await verifySigstoreBundle({ crypto: nodeCrypto, ...(seen ? { seen } : {}) }, question);
  if (verdict.kind !== "allowed") throw new Error(verdict.reasons[0].message);
}

function peerOf(root: Json): (question: SigstoreQuestion) => void {
  const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(root)));
  const policy = { subjectAlternativeName: `^${identity}$`, extensions: { issuer: oidcIssuer } };
  return ({ bundle }) => {
    const parsed = bundleFromJSON(JSON.parse(new TextDecoder().decode(bundle)));
    verifier.verify(toSignedEntity(parsed, Buffer.from(artifact)), policy);
  };
}
