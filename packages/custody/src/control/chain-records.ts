import { compareSightings, link, spdx } from "custody/evidence";
import { artifactKeysOf, traceBack, traceForward } from "custody/graph";
import type { ArtifactKey } from "custody/graph";
import type { Crypto, Digest } from "custody/ground";

import type { AttestationRecord, AttestationStore } from "./ports.ts";
import { withWithdrawals } from "./withdrawals.ts";

interface Attestations {
  readonly attestations: AttestationStore;
  readonly crypto: Pick<Crypto, "sha256">;
}

/**
 * The attestations that an image rests on, those that judge it or what it is made of, and those that withdraw one of these, in
 * the order of the log: all that a gate needs for its decision. Others that use the same stemcell are not read.
 */
export async function readChainRecords(ports: Attestations, image: Digest): Promise<AttestationRecord[]> {
  const { attestations } = ports;
  const findMakers = (artifacts: readonly ArtifactKey[]) =>
    attestations.findByArtifacts(artifacts, { as: "product" });
  const makers = await traceBack(findMakers, [image]);
  const made = makers.flatMap(({ products }) => products);
  const [stemcells, own] = [made.filter(isStemcell), made.filter((product) => !isStemcell(product))];
  const takers = await attestations.findByArtifacts(artifactKeysOf(own), { as: "material" });
  // Tests and runs make nothing, and what others make of the source goes no further here: they are found by what they took.
  const judges = takers.filter(
    (taker) => taker.products.length === 0 || taker.predicateType === link.predicateType,
  );
  const { predicateType } = spdx;
  const sboms = await attestations.findByArtifacts(artifactKeysOf(stemcells), {
    as: "material",
    predicateType,
  });
  return inLogOrder(await withWithdrawals(ports, [...makers, ...judges, ...sboms]));
}

/** The attestations that rest on a commit, in the order of the log: the way forward to all that runs it. */
export async function readForwardRecords(
  { attestations }: Pick<Attestations, "attestations">,
  commit: string,
): Promise<AttestationRecord[]> {
  const start = `gitCommit:${commit}`;
  const sources = await attestations.findByArtifacts([start], { as: "product" });
  const findTakers = (artifacts: readonly ArtifactKey[]) =>
    attestations.findByArtifacts(artifacts, { as: "material" });
  const rest = await traceForward(findTakers, artifactKeysOf(sources.flatMap(({ products }) => products)));
  return inLogOrder([...sources, ...rest]);
}

function isStemcell({ name }: { readonly name: string }): boolean {
  return name.startsWith("stemcell/");
}

function inLogOrder(records: readonly AttestationRecord[]): AttestationRecord[] {
  const once = new Map(records.map((record) => [record.digest, record]));
  return [...once.values()].toSorted(compareSightings);
}
