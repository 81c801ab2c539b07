import { traceBack } from "custody/graph";
import type { TraceNode } from "custody/graph";
import { hexOf } from "custody/ground";
import type { Digest } from "custody/ground";
import { artifactNames } from "custody/policy";

import type { AttestationRecord, AttestationStore } from "./ports.ts";

interface Attestations {
  readonly attestations: AttestationStore;
}

const maxRounds = 64;

/**
 * The attestations that an image rests on, and those that judge it or what it is made of, in the order of the log: all
 * that a gate needs for its decision.
 */
export async function readChainRecords(ports: Attestations, image: Digest): Promise<AttestationRecord[]> {
  const artifact = { name: artifactNames.image, digest: { sha256: hexOf(image) } };
  const nodes = await readConnected(ports, [image]);
  const back = traceBack(nodes, artifact);
  const wanted = new Set(back.map(({ bundle }) => bundle));
  const made = new Set(
    back.flatMap(({ handOff }) => handOff.products.flatMap(({ digest }) => digest["sha256"] ?? [])),
  );
  // Tests make nothing: they are found by what they judged.
  const judges = nodes.filter(
    ({ handOff }) =>
      handOff.products.length === 0 &&
      handOff.materials.some(({ digest }) => made.has(digest["sha256"] ?? "")),
  );
  for (const { bundle } of judges) wanted.add(bundle);
  const records = await Promise.all([...wanted].map((digest) => ports.attestations.find(digest)));
  return records.filter((record) => record !== undefined).toSorted((a, b) => a.logIndex - b.logIndex);
}

/**
 * Everything connected with these artifacts (`algorithm:hex`), read outward round by round. Packages of stemcells do not
 * lead on: the pure walk over the result decides what rests on what.
 */
export async function readConnected(
  { attestations }: Attestations,
  start: readonly string[],
): Promise<TraceNode[]> {
  const found = new Map<Digest, AttestationRecord>();
  const seen = new Set<string>();
  let wanted: readonly string[] = start;
  for (let round = 0; wanted.length > 0 && round < maxRounds; round++) {
    for (const key of wanted) seen.add(key);
    const records = await attestations.findByArtifacts(wanted);
    for (const record of records) found.set(record.digest, record);
    wanted = [...new Set(records.flatMap(linkKeysOf))].filter((key) => !seen.has(key));
  }
  return [...found.values()].map(toNode);
}

function linkKeysOf({ materials, products }: AttestationRecord): string[] {
  return [...materials, ...products]
    .filter(({ name }) => !name.startsWith("pkg:"))
    .flatMap(({ digest }) => Object.entries(digest).map(([algorithm, hex]) => `${algorithm}:${hex}`));
}

/** A kept attestation as a node of the graph. */
export function toNode(record: AttestationRecord): TraceNode {
  const { digest, step, predicateType, rendering, identity, signedAt, logIndex, materials, products } =
    record;
  const handOff = { materials, products };
  return { bundle: digest, step: step ?? predicateType, rendering, identity, signedAt, logIndex, handOff };
}
