import type { ChainExplanation, ExplainedStep, VerifiedBundle } from "custody/evidence";
import {
  describeFunctionary,
  findOtherBundles,
  hasDigest,
  renderStatement,
  shortText,
  source,
  verificationSummary,
} from "custody/evidence";
import { toHex } from "custody/ground";
import type { Digest } from "custody/ground";
import type { ExplainedArchive } from "custody/policy";

import { drawEdges } from "./draw-edges.ts";
import { drawProcess, stateOf } from "./draw-process.ts";
import type { ToldProcess } from "./draw-process.ts";
import type { ChainPicture, PictureEdge, PictureNode } from "./picture.ts";

const maxTitleLength = 250;
const maxDetailLength = 400;

/** What is drawn: an archive as it was verified, and what is said to run its image. */
export interface DrawnChain {
  readonly repository: string;
  readonly image: Digest;
  readonly archive: ExplainedArchive;
  readonly processes: readonly ToldProcess[];
}

/**
 * The picture of one chain, from the commit's signer to the processes: every step of the layout, there or not; the image;
 * the log; the policy; the gate's decision. States are the verifier's, and what is missing is a node as any other. Titles and
 * details are one line each, of bounded length, and steer no reader's eye: what would is U+FFFD.
 */
export function drawChain(drawn: DrawnChain): ChainPicture {
  const { chain } = drawn.archive;
  const { nodes, edges } = chain ? drawCounted(drawn, chain) : drawUncounted(drawn);
  return { nodes: nodes.map(makeHarmless), edges };
}

function makeHarmless(node: PictureNode): PictureNode {
  const { title, detail } = node;
  return { ...node, title: shortText(title, maxTitleLength), detail: shortText(detail, maxDetailLength) };
}

function drawCounted(drawn: DrawnChain, chain: ChainExplanation): ChainPicture {
  const steps = chain.steps.map((step) => drawStep(drawn, step));
  const image = drawImage(drawn, chain);
  const log = drawLog(drawn);
  const policy = drawPolicy(drawn);
  const gate = drawGate(drawn, chain);
  const processes = drawn.processes.map((told) => drawProcess(drawn, told));
  const { nodes: signers, edges: signatures } = drawSigner(drawn, chain);
  const idOf = (name: string): string =>
    steps[chain.steps.findIndex(({ step }) => step.name === name)]?.id ?? name;
  return {
    nodes: [...signers, ...steps, image, ...log.nodes, policy, gate, ...processes],
    edges: [
      ...signatures,
      ...drawEdges(chain.steps, idOf),
      ...lastMakers(chain, drawn.image).map((step) => tie(idOf(step), image.id, drawn.image)),
      ...log.edges(image.id, gate.id),
      tie(policy.id, gate.id, drawn.archive.policyRevision),
      ...processes.map(({ id }) => tie(gate.id, id, drawn.image)),
    ],
  };
}

// Nothing can be held against a policy that does not count.
function drawUncounted(drawn: DrawnChain): ChainPicture {
  const policy = drawPolicy(drawn);
  const image: PictureNode = { ...imageNode(drawn), state: "undecided", reasons: policy.reasons };
  return {
    nodes: [policy, image],
    edges: [{ from: policy.id, to: image.id, digests: [], state: "missing" }],
  };
}

function drawStep(
  { repository }: DrawnChain,
  { step, state, reasons, evidence }: ExplainedStep,
): PictureNode {
  const { functionaries } = step.expectedPredicate;
  return {
    id: evidence ? `bundle ${evidence.bundle.digest}` : `step ${repository} ${step.name}`,
    kind: "hand-off",
    title: step.name,
    detail: evidence
      ? renderStatement(evidence.bundle.statement)
      : `${functionaries.map(describeFunctionary).join(" or ")} has to vouch for it`,
    state,
    reasons,
    bundle: evidence?.bundle.digest,
    at: evidence?.bundle.signedAt,
  };
}

function drawSigner(drawn: DrawnChain, { steps }: ChainExplanation): ChainPicture {
  const found = steps.find(({ step, evidence }) => step.name === "source" && evidence);
  if (!found?.evidence) return { nodes: [], edges: [] };
  const { signer, commit } = source.parse(found.evidence.bundle.statement.predicate);
  const id = `signer ${signer.fingerprint}`;
  const node: PictureNode = {
    id,
    kind: "signer",
    title: signer.name,
    detail: signer.fingerprint,
    state: found.state,
    reasons: found.reasons,
  };
  const to = drawStep(drawn, found).id;
  return { nodes: [node], edges: [{ from: id, to, digests: [`gitCommit:${commit.id}`], state: "tied" }] };
}

function imageNode({ image, repository }: DrawnChain): Pick<PictureNode, "id" | "kind" | "title" | "detail"> {
  return { id: `image ${image}`, kind: "image", title: repository, detail: image };
}

function drawImage(drawn: DrawnChain, { verdict, steps }: ChainExplanation): PictureNode {
  const { image } = drawn;
  const reasons =
    verdict.kind === "allowed" ? [] : verdict.reasons.filter(({ subject }) => subject === image);
  const makers = lastMakers({ steps }, image);
  const made = steps.filter(({ step }) => makers.includes(step.name)).map(({ state }) => state);
  const state =
    reasons.length > 0 ? stateOf(verdict) : (made.find((one) => one !== "verified") ?? made[0] ?? "missing");
  return { ...imageNode(drawn), state, reasons };
}

// Of those that hand the image on, the ones that no other of them took it from.
function lastMakers({ steps }: Pick<ChainExplanation, "steps">, image: Digest): string[] {
  const makers = steps.flatMap(({ step, evidence }) =>
    evidence?.handOff.products.some(({ digest }) => hasDigest(digest, image)) ? [{ step, evidence }] : [],
  );
  const takers = makers.filter(({ evidence }) =>
    evidence.handOff.materials.some(({ digest }) => hasDigest(digest, image)),
  );
  return (takers.length > 0 ? takers : makers).map(({ step }) => step.name);
}

interface DrawnLog {
  readonly nodes: readonly PictureNode[];
  edges(image: string, gate: string): readonly PictureEdge[];
}

function drawLog({ archive, image }: DrawnChain): DrawnLog {
  const positions = archive.examined.flatMap((one) => (one.kind === "verified" && one.bundle.logged) || []);
  const origins = [...new Set(positions.map(({ origin }) => origin))];
  const heads = origins.map((origin) => {
    const own = positions.filter((position) => position.origin === origin);
    const tree = own.map((one) => one.tree).toSorted((a, b) => b.size - a.size)[0];
    return { origin, count: own.length, tree };
  });
  return {
    nodes: heads.map(({ origin, count, tree }) => ({
      id: `log ${origin}`,
      kind: "log",
      title: origin,
      detail: `${count} of its ${tree?.size ?? 0} entries are of this chain`,
      state: "verified",
      reasons: [],
    })),
    edges: (from, to) =>
      heads.flatMap(({ origin, tree }) => [
        tie(from, `log ${origin}`, image),
        tie(`log ${origin}`, to, tree && `sha256:${toHex(tree.rootHash)}`),
      ]),
  };
}

function drawPolicy({ archive, repository }: DrawnChain): PictureNode {
  const { policyBundle, policyRevision, verdict } = archive;
  const counts = policyRevision !== undefined;
  return {
    id: `policy ${policyRevision ?? repository}`,
    kind: "policy",
    title: `policy of ${repository}`,
    detail: policyRevision ?? "it does not count",
    state: counts ? "verified" : stateOf(verdict),
    reasons: counts || verdict.kind === "allowed" ? [] : verdict.reasons,
    bundle: policyBundle.kind === "verified" ? policyBundle.bundle.digest : undefined,
    at: policyBundle.kind === "verified" ? policyBundle.bundle.signedAt : undefined,
  };
}

function drawGate(drawn: DrawnChain, chain: ChainExplanation): PictureNode {
  const { image, repository, archive } = drawn;
  const { admission, verdict } = archive;
  const id = `gate ${repository} ${image}`;
  const decision = admission?.kind === "allowed" ? admission.facts : findDecision(drawn, chain);
  const decided = { bundle: decision?.digest, at: decision?.signedAt };
  if (admission?.kind === "allowed") {
    const isAdmitted = verdict.kind === "allowed";
    const reasons = isAdmitted || chain.verdict.kind !== "allowed" ? [] : verdict.reasons;
    const state = isAdmitted ? "verified" : stateOf(verdict);
    const detail = isAdmitted ? "the gate let it in" : "the gate let it in, on more than is shown here";
    return { id, kind: "gate", title: "gate", detail, state, reasons, ...decided };
  }
  const state = decision ? "refused" : "missing";
  const detail = decision ? renderStatement(decision.statement) : "the gate has not let it in";
  return { id, kind: "gate", title: "gate", detail, state, reasons: admission?.reasons ?? [], ...decided };
}

function findDecision({ image, archive }: DrawnChain, chain: ChainExplanation): VerifiedBundle | undefined {
  return findOtherBundles(chain, archive.examined)
    .filter(
      ({ statement }) =>
        statement.predicateType === verificationSummary.predicateType &&
        statement.subject.some(({ digest }) => hasDigest(digest, image)),
    )
    .toSorted((a, b) => b.signedAt - a.signedAt)[0];
}

function tie(from: string, to: string, digest: string | undefined): PictureEdge {
  return {
    from,
    to,
    digests: digest === undefined ? [] : [digest],
    state: digest === undefined ? "missing" : "tied",
  };
}
