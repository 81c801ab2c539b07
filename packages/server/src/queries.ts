import type { AttestationRecord, ControlPorts, Workload } from "custody/control";
import { decideOn } from "custody/control";
import type { VerifiedChain } from "custody/evidence";
import { policy as policyType, policyRevisionOf } from "custody/evidence";
import { traceBack, traceForward } from "custody/graph";
import type { TraceNode } from "custody/graph";
import { CustodyError, digestOf, hexOf } from "custody/ground";
import type { Bytes, Digest, Verdict } from "custody/ground";
import { artifactNames } from "custody/policy";
import type { ChainArchive } from "custody/policy";

import type { ResolveTag, Thing } from "./things.ts";
import { findThing } from "./things.ts";

/** What the queries read. */
export interface QueryPorts {
  readonly control: ControlPorts;
  readonly resolveTag: ResolveTag;
}

/** One trace: the hand-offs in the order of the log, and the processes at its end. */
export interface Trace {
  readonly thing: string;
  readonly direction: "back" | "forward";
  readonly handOffs: readonly TraceNode[];
  readonly processes: readonly Workload[];
}

const maxRounds = 64;

/** The way back from a process or an image to its commit, or forward from a commit to all that runs it. */
export async function trace(ports: QueryPorts, word: string): Promise<Trace> {
  const thing = await getThing(ports, word);
  if (thing.kind === "commit") return traceCommit(ports, word, thing.id);
  const image = await imageOf(ports, thing, word);
  const artifact = { name: artifactNames.image, digest: { sha256: hexOf(image) } };
  const nodes = await readConnected(ports.control, [image]);
  const processes = await processesOf(ports.control, [artifact.digest.sha256]);
  return { thing: word, direction: "back", handOffs: inLogOrder(traceBack(nodes, artifact)), processes };
}

async function traceCommit({ control }: QueryPorts, word: string, id: string): Promise<Trace> {
  const nodes = await readConnected(control, [`gitCommit:${id}`]);
  const found = traceForward(nodes, { name: "commit", digest: { gitCommit: id } });
  if (found.length === 0) throw notFound(word, "no attestation names this commit");
  const images = found.flatMap(({ handOff }) =>
    handOff.products.flatMap(({ digest }) => digest["sha256"] ?? []),
  );
  const processes = await processesOf(control, images);
  return { thing: word, direction: "forward", handOffs: inLogOrder(found), processes };
}

// Reads outward from the given artifacts until nothing new is connected; shared stemcells do not lead on to others' chains
// because the pure walk afterwards follows direction.
async function readConnected(control: ControlPorts, start: readonly string[]): Promise<TraceNode[]> {
  const found = new Map<Digest, AttestationRecord>();
  const seen = new Set<string>();
  let wanted: readonly string[] = start;
  for (let round = 0; wanted.length > 0 && round < maxRounds; round++) {
    for (const key of wanted) seen.add(key);
    const records = await control.attestations.findByArtifacts(wanted);
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

function toNode(record: AttestationRecord): TraceNode {
  const { digest, step, predicateType, rendering, identity, signedAt, logIndex, materials, products } =
    record;
  const handOff = { materials, products };
  return { bundle: digest, step: step ?? predicateType, rendering, identity, signedAt, logIndex, handOff };
}

function inLogOrder(nodes: readonly TraceNode[]): TraceNode[] {
  return nodes.toSorted((a, b) => (a.logIndex ?? 0) - (b.logIndex ?? 0));
}

async function processesOf({ workloads }: ControlPorts, hexes: readonly string[]): Promise<Workload[]> {
  const images = new Set(hexes.map((hex) => `sha256:${hex}`));
  return (await workloads.list()).filter(({ process }) => process !== undefined && images.has(process.image));
}

/** Asks the gate again, now, about a thing's image. */
export async function verify(
  ports: QueryPorts,
  word: string,
): Promise<{
  readonly image: Digest;
  readonly repository: string;
  readonly verdict: Verdict<VerifiedChain>;
}> {
  const image = await imageOf(ports, await getThing(ports, word), word);
  const repository = await repositoryOf(ports.control, image);
  const records = await readChainRecords(ports.control, image);
  const { verdict } = await decideOn(ports.control, repository, image, records);
  return { image, repository, verdict };
}

/** The archive of an image's chain: what a verifier needs that has nothing but a trusted root. */
export async function exportChain(ports: QueryPorts, word: string): Promise<ChainArchive> {
  const { control } = ports;
  const image = await imageOf(ports, await getThing(ports, word), word);
  const repository = await repositoryOf(control, image);
  const records = await readChainRecords(control, image);
  return {
    image,
    repository,
    policy: await readPolicyBundle(control, repository),
    bundles: records.map(({ bytes }) => bytes),
  };
}

async function readPolicyBundle(control: ControlPorts, repository: string): Promise<Bytes> {
  const document = await control.policies.findPolicy(repository);
  if (!document) throw notFound(repository, "the repository has no policy");
  const revision = policyRevisionOf((bytes) => digestOf(control.crypto, bytes), document);
  const records = await control.attestations.findByArtifacts([revision]);
  const record = records.findLast(({ predicateType }) => predicateType === policyType.predicateType);
  if (!record) throw notFound(repository, "the policy in force has no attestation");
  return record.bytes;
}

// The attestations that the image rests on, and those that say something about the image itself.
async function readChainRecords(control: ControlPorts, image: Digest): Promise<AttestationRecord[]> {
  const artifact = { name: artifactNames.image, digest: { sha256: hexOf(image) } };
  const nodes = await readConnected(control, [image]);
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
  const records = await Promise.all([...wanted].map((digest) => control.attestations.find(digest)));
  return records.filter((record) => record !== undefined).toSorted((a, b) => a.logIndex - b.logIndex);
}

async function repositoryOf(
  { attestations, identities, policies }: ControlPorts,
  image: Digest,
): Promise<string> {
  const records = await attestations.findByArtifacts([image]);
  for (const repository of await policies.listRepositories()) {
    if (records.some(({ identity }) => identity === identities.package(repository))) return repository;
  }
  throw notFound(image, "no repository has packaged this image");
}

async function getThing({ control, resolveTag }: QueryPorts, word: string): Promise<Thing> {
  const thing = await findThing(control, resolveTag, word);
  if (thing.kind === "unknown") throw notFound(word, `"${word.slice(0, 200)}" is nothing that Custody knows`);
  return thing;
}

async function imageOf({ control }: QueryPorts, thing: Thing, word: string): Promise<Digest> {
  switch (thing.kind) {
    case "image":
      return thing.image;
    case "process": {
      const observed = await control.sandbox.observe(thing.pid);
      if (observed && thing.workload?.process) return thing.workload.process.image;
      throw notFound(word, `process ${thing.pid} is none that Custody runs`);
    }
    case "commit": {
      const { handOffs } = await traceCommit({ control, resolveTag: async () => undefined }, word, thing.id);
      return imageAmong(handOffs, word);
    }
    case "attestation": {
      const record = await control.attestations.find(thing.digest);
      return imageAmong(record ? [toNode(record)] : [], word);
    }
    case "unknown":
      throw notFound(word, "unknown");
    default:
      return thing satisfies never;
  }
}

function imageAmong(nodes: readonly TraceNode[], word: string): Digest {
  const artifacts = nodes.flatMap(({ handOff }) => [...handOff.products, ...handOff.materials]);
  const hex = artifacts.findLast(({ name }) => name === artifactNames.image)?.digest["sha256"];
  if (!hex) throw notFound(word, "it leads to no image");
  return `sha256:${hex}` as Digest;
}

function notFound(subject: string, message: string): CustodyError {
  return new CustodyError("api/not-found", message, {
    subject,
    next: "name a pid, a commit id, a digest, a repository or repository:tag",
  });
}
