import type { StepState } from "custody/evidence";
import type { Digest, Instant, Reason } from "custody/ground";

/**
 * What a node of the picture stands for: who signed a commit, a hand-off of the layout, an image, the log that holds its
 * attestations, the policy in force, the gate's decision, a process.
 */
export type PictureNodeKind = "signer" | "hand-off" | "image" | "log" | "policy" | "gate" | "process";

export interface PictureNode {
  readonly id: string;
  readonly kind: PictureNodeKind;
  /** What it is called, a word or two; text of strangers. */
  readonly title: string;
  /** One line more about it; text of strangers. */
  readonly detail: string;
  readonly state: StepState;
  readonly reasons: readonly Reason[];
  /** The attestation behind it, by the digest of its bundle. */
  readonly bundle?: Digest | undefined;
  /** When that was signed. */
  readonly at?: Instant | undefined;
}

/** A hand-off from one node to another. */
export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  /** What ties the two, `algorithm:hex`; empty where something should and does not. */
  readonly digests: readonly string[];
  /** `tied` by these digests, `broken` where both ends are there and nothing ties them, `missing` where an end is. */
  readonly state: "tied" | "broken" | "missing";
}

/** A chain, or several that share hand-offs, as one picture: from commits and signers to processes. */
export interface ChainPicture {
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
}

/** One picture of several: what is the same node in two of them is one. */
export function mergePictures(pictures: readonly ChainPicture[]): ChainPicture {
  const nodes = new Map(pictures.flatMap((one) => one.nodes.map((node) => [node.id, node] as const)));
  const edges = new Map(
    pictures.flatMap((one) => one.edges.map((edge) => [`${edge.from} ${edge.to}`, edge] as const)),
  );
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}
