import { randomBytes } from "node:crypto";

import { nodeCrypto } from "@custody/node/crypto";
import type { TestScene } from "custody/assurance/scene.testing";
import { parseBundle, parseStatement } from "custody/evidence";
import type { Statement } from "custody/evidence";
import { parseDigest, toBase64, utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";
import { decide, Gates, identitiesOf, summarize } from "custody/policy";
import type { SpiffeId } from "custody/spiffe";

import { makeChain } from "./chain-file.ts";

/** What the server answers about a commit, and the root that it verifies with. */
export interface ForwardAnswer {
  readonly answer: string;
  readonly commit: string;
  readonly trustedRoot: Awaited<ReturnType<typeof makeChain>>["scene"]["authorities"]["trustedRoot"];
}

/** Everything of a chain that is another for another image of the same commit. */
const ownArtifacts = { "build/hello": "4", image: "5" } as const;

/**
 * A commit of which many images came, each with processes: every hand-off signed, timestamped and logged by itself, as the
 * server would have them.
 */
export async function makeForwardAnswer(images: number, processesOfEach: number): Promise<ForwardAnswer> {
  const { scene, archive } = await makeChain();
  const commit = commitOf(scene);
  const chains = [];
  const processes = [];
  for (let i = 0; i < images; i++) {
    const digests = mapOwn(() => randomBytes(32).toString("hex"));
    const image = parseDigest(`sha256:${digests.image}`);
    const bundles = await attestAnew(scene, digests);
    const question = { ...scene.question, image, bundles };
    const decision = await decide(
      { crypto: nodeCrypto, gates: new Gates() },
      scene.authorities.trustedRoot,
      question,
    );
    const { gate } = identitiesOf(scene.authorities.trustDomain);
    const admission = await scene.attest(gate, summarize(decision, gate, "pkg:oci/hello"));
    const all = [...bundles, admission.bytes];
    chains.push({ image, repository: "hello", policy: toBase64(archive.policy), bundles: all.map(toBase64) });
    for (let j = 0; j < processesOfEach; j++)
      processes.push(processOf(image, i * processesOfEach + j, scene));
  }
  const answer = { thing: commit, direction: "forward", chains, left: 0, processes, deliveries: [] };
  return { commit, answer: JSON.stringify(answer), trustedRoot: scene.authorities.trustedRoot };
}

function commitOf({ question }: TestScene): string {
  for (const bytes of question.bundles) {
    const { subject } = parseStatement(parseBundle(bytes).envelope.payload);
    const id = subject.find(({ name }) => name === "commit")?.digest["gitCommit"];
    if (id !== undefined) return id;
  }
  throw new Error("the scene has no commit");
}

type OwnDigests = Readonly<Record<keyof typeof ownArtifacts, string>>;

function mapOwn(digest: () => string): OwnDigests {
  return { "build/hello": digest(), image: digest() };
}

// The scene's own statements, about other artifacts; what they have in common stays the same bundle.
async function attestAnew(scene: TestScene, digests: OwnDigests): Promise<Bytes[]> {
  const bundles: Bytes[] = [];
  for (const bytes of scene.question.bundles) {
    const { certificate, envelope } = parseBundle(bytes);
    const text = new TextDecoder().decode(envelope.payload);
    const changed = Object.entries(ownArtifacts).reduce(
      (told, [name, digit]) => told.replaceAll(digit.repeat(64), digests[name as keyof OwnDigests]),
      text,
    );
    if (changed === text) bundles.push(bytes);
    else bundles.push((await scene.attest(certificate.uris[0] as SpiffeId, statementOf(changed))).bytes);
  }
  return bundles;
}

function statementOf(text: string): Statement {
  return parseStatement(utf8(text));
}

function processOf(image: string, number: number, { question }: TestScene): object {
  return {
    name: `hello-${number}`,
    image,
    desired: "running",
    process: {
      sandboxId: `s${number}`,
      pid: 1000 + number,
      startedAt: question.at,
      address: "127.0.0.1:8080",
      image,
    },
  };
}
