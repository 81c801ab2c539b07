import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { nodeCrypto } from "@custody/node/crypto";
import { makeScene } from "custody/assurance/scene.testing";
import type { TestScene } from "custody/assurance/scene.testing";
import { makeClock } from "custody/authority/attestor.testing";
import { formatTrustedRoot, policy as policyType, policyRevisionOf } from "custody/evidence";
import type { Statement } from "custody/evidence";
import { digestOf, hexOf } from "custody/ground";
import type { Bytes, Json } from "custody/ground";
import { decide, Gates, identitiesOf, summarize, writeChainArchive } from "custody/policy";
import type { ChainArchive } from "custody/policy";

/** An exported chain and the root it verifies with, as `custody export` and the server give them out. */
export interface ChainFiles {
  readonly archive: string;
  readonly trustedRoot: string;
}

/** Makes a chain of today: every signature, certificate, timestamp and proof in it is real. */
export async function makeChain(): Promise<{ readonly scene: TestScene; readonly archive: ChainArchive }> {
  const scene = await makeScene(makeClock(Date.now()));
  const { question } = scene;
  const { image, bundles } = question;
  const repository = question.policy.repository;
  const policy = await attestPolicy(scene);
  const admission = await attestAdmission(scene);
  return { scene, archive: { image, repository, policy, bundles: [...bundles, admission] } };
}

/** Writes a chain and its trusted root into a folder. */
export async function writeChain(
  { scene, archive }: Awaited<ReturnType<typeof makeChain>>,
  folder: string,
): Promise<ChainFiles> {
  const files = { archive: join(folder, "chain.tar"), trustedRoot: join(folder, "trusted_root.json") };
  await writeFile(files.trustedRoot, JSON.stringify(formatTrustedRoot(scene.authorities.trustedRoot)));
  await pipeline(Readable.from(writeChainArchive(archive)), createWriteStream(files.archive));
  return files;
}

async function attestPolicy(scene: TestScene): Promise<Bytes> {
  const { policy } = scene.question;
  const revision = policyRevisionOf((bytes) => digestOf(nodeCrypto, bytes), policy);
  const statement: Statement = {
    subject: [{ name: `policy/${policy.repository}`, digest: { sha256: hexOf(revision) } }],
    predicateType: policyType.predicateType,
    predicate: policy as unknown as Json,
  };
  const signer = identitiesOf(scene.authorities.trustDomain).policy;
  return (await scene.attest(signer, statement)).bytes;
}

async function attestAdmission(scene: TestScene): Promise<Bytes> {
  const { authorities, question } = scene;
  const { gate } = identitiesOf(authorities.trustDomain);
  const decision = await decide(
    { crypto: nodeCrypto, gates: new Gates() },
    authorities.trustedRoot,
    question,
  );
  return (await scene.attest(gate, summarize(decision, gate, "pkg:oci/hello"))).bytes;
}
