import type { HandOff, ResourceDescriptor } from "custody/evidence";
import { isSameArtifact } from "custody/evidence";
import type { Digest, Instant } from "custody/ground";

/** One attestation as a node of the graph: what went in, what came out. Edges are equal digests, nothing else. */
export interface TraceNode {
  /** Digest of the bundle. */
  readonly bundle: Digest;
  readonly step: string;
  /** One line for people. */
  readonly rendering: string;
  readonly identity: string;
  readonly signedAt: Instant;
  readonly logIndex: number | undefined;
  readonly handOff: Pick<HandOff, "materials" | "products">;
}

/** Every attestation that the artifact rests on, the nearest first. */
export function traceBack(nodes: readonly TraceNode[], artifact: ResourceDescriptor): TraceNode[] {
  return walk(nodes, artifact, { from: ({ products }) => products, to: ({ materials }) => materials });
}

/** Every attestation that rests on the artifact, the nearest first. */
export function traceForward(nodes: readonly TraceNode[], artifact: ResourceDescriptor): TraceNode[] {
  return walk(nodes, artifact, {
    from: ({ materials, products }) => [...materials, ...products],
    to: ({ products }) => products,
  });
}

interface Direction {
  /** The artifacts by which a node is reached. */
  readonly from: (handOff: TraceNode["handOff"]) => readonly ResourceDescriptor[];
  /** The artifacts that it leads on to. */
  readonly to: (handOff: TraceNode["handOff"]) => readonly ResourceDescriptor[];
}

// Breadth first; every node is visited at most once, so the walk ends.
function walk(nodes: readonly TraceNode[], start: ResourceDescriptor, { from, to }: Direction): TraceNode[] {
  const index = indexByDigest(nodes, from);
  const found = new Set<TraceNode>();
  let frontier: readonly ResourceDescriptor[] = [start];
  while (frontier.length > 0) {
    const touched = frontier.flatMap((artifact) => findByArtifact(index, artifact, from));
    const reached = new Set(touched.filter((node) => !found.has(node)));
    for (const node of reached) found.add(node);
    frontier = [...reached].flatMap(({ handOff }) => to(handOff));
  }
  return [...found];
}

type DigestIndex = ReadonlyMap<string, readonly TraceNode[]>;

function indexByDigest(nodes: readonly TraceNode[], of: Direction["from"]): DigestIndex {
  const index = new Map<string, TraceNode[]>();
  for (const node of nodes) {
    for (const key of of(node.handOff).flatMap(({ digest }) => keysOf(digest))) {
      const listed = index.get(key);
      if (listed) listed.push(node);
      else index.set(key, [node]);
    }
  }
  return index;
}

function findByArtifact(
  index: DigestIndex,
  artifact: ResourceDescriptor,
  of: Direction["from"],
): TraceNode[] {
  const candidates = keysOf(artifact.digest).flatMap((key) => index.get(key) ?? []);
  return candidates.filter(({ handOff }) =>
    of(handOff).some(({ digest }) => isSameArtifact(digest, artifact.digest)),
  );
}

function keysOf(digest: ResourceDescriptor["digest"]): string[] {
  return Object.entries(digest).map(([algorithm, hex]) => `${algorithm}:${hex}`);
}
