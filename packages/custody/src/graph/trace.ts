import type { ResourceDescriptor } from "custody/evidence";
import type { Digest } from "custody/ground";

/** One attestation as a node of the graph: what went in, what came out. Edges are equal digests, nothing else. */
export interface TraceNode {
  /** Of the bundle. */
  readonly digest: Digest;
  readonly materials: readonly ResourceDescriptor[];
  readonly products: readonly ResourceDescriptor[];
}

/** An artifact as edges know it: `algorithm:hex`. */
export type ArtifactKey = string;

/** Finds the nodes that have one of these artifacts, as a product or as a material: whichever the walk goes by. */
export type FindNodes<Node extends TraceNode> = (
  artifacts: readonly ArtifactKey[],
) => Promise<readonly Node[]>;

/** The most hand-offs in a row that are followed; no pipeline is that long. */
const maxSteps = 64;

/**
 * Everything that the artifacts rest on: who made them, who made what those took in, and so on. `findMakers` finds nodes by
 * their products. Packages of a distribution have no maker on record and are not asked for.
 */
export function traceBack<Node extends TraceNode>(
  findMakers: FindNodes<Node>,
  artifacts: readonly ArtifactKey[],
): Promise<Node[]> {
  return walk(findMakers, artifacts, ({ materials }) => materials);
}

/** Everything that rests on the artifacts: who took them in, who took in what those made. `findTakers` finds nodes by their materials. */
export function traceForward<Node extends TraceNode>(
  findTakers: FindNodes<Node>,
  artifacts: readonly ArtifactKey[],
): Promise<Node[]> {
  return walk(findTakers, artifacts, ({ products }) => products);
}

// Breadth first; every artifact is asked for at most once, so the walk ends.
async function walk<Node extends TraceNode>(
  find: FindNodes<Node>,
  start: readonly ArtifactKey[],
  next: (node: Node) => readonly ResourceDescriptor[],
): Promise<Node[]> {
  const found = new Map<Digest, Node>();
  const asked = new Set<ArtifactKey>();
  let frontier = start;
  for (let step = 0; frontier.length > 0 && step < maxSteps; step++) {
    for (const key of frontier) asked.add(key);
    const nodes = await find(frontier);
    for (const node of nodes) found.set(node.digest, node);
    const reached = nodes.flatMap(next).filter(({ name }) => !name.startsWith("pkg:"));
    frontier = [...new Set(artifactKeysOf(reached))].filter((key) => !asked.has(key));
  }
  return [...found.values()];
}

/** The keys of artifacts, one for each digest that they are known by. */
export function artifactKeysOf(artifacts: readonly ResourceDescriptor[]): ArtifactKey[] {
  return artifacts.flatMap(({ digest }) =>
    Object.entries(digest).map(([algorithm, hex]) => `${algorithm}:${hex}`),
  );
}
