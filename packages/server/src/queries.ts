import type { AttestationRecord, ControlPorts, GateAnswer, RememberedGate, Workload } from "custody/control";
import { readChainRecords, readForwardRecords } from "custody/control";
import { findAttestationType, policy as policyType, policyRevisionOf } from "custody/evidence";
import { CustodyError, digestOf, isDigest } from "custody/ground";
import type { Bytes, Digest } from "custody/ground";
import { artifactNames } from "custody/policy";
import type { ChainArchive } from "custody/policy";

import type { ResolveTag, Thing } from "./things.ts";
import { findThing } from "./things.ts";

/** What the queries read. */
export interface QueryPorts {
  readonly control: ControlPorts;
  readonly resolveTag: ResolveTag;
  readonly gate: RememberedGate;
}

/** One hand-off of a trace, for showing. */
type TracedHandOff = Pick<
  AttestationRecord,
  "digest" | "predicateType" | "rendering" | "identity" | "signedAt" | "logIndex"
> & {
  /** The layout's step, or the short name of the attestation's type. */
  readonly step: string;
};

/** One trace: the hand-offs in the order of the log, and the processes at its end. */
export interface Trace {
  readonly thing: string;
  readonly direction: "back" | "forward";
  readonly handOffs: readonly TracedHandOff[];
  readonly processes: readonly Workload[];
}

/** The way back from a process or an image to its commit, or forward from a commit to all that runs it. */
export async function trace(ports: QueryPorts, word: string): Promise<Trace> {
  const { control } = ports;
  const thing = await getThing(ports, word);
  if (thing.kind === "commit") {
    const records = await getForwardRecords(control, word, thing.id);
    const processes = await processesOf(control, records.flatMap(imagesOf));
    return { thing: word, direction: "forward", handOffs: records.map(toTraced), processes };
  }
  const image = await imageOf(ports, thing, word);
  const records = await readChainRecords(control, image);
  return {
    thing: word,
    direction: "back",
    handOffs: records.map(toTraced),
    processes: await processesOf(control, [image]),
  };
}

async function getForwardRecords(
  control: ControlPorts,
  word: string,
  commit: string,
): Promise<AttestationRecord[]> {
  const records = await readForwardRecords(control, commit);
  if (records.length === 0) throw notFound(word, "no attestation names this commit");
  return records;
}

function toTraced(record: AttestationRecord): TracedHandOff {
  const { digest, predicateType, rendering, identity, signedAt, logIndex } = record;
  const step = record.step ?? findAttestationType(predicateType)?.name ?? predicateType;
  return { digest, step, predicateType, rendering, identity, signedAt, logIndex };
}

/** The images that an attestation names. */
export function imagesOf({ materials, products }: AttestationRecord): Digest[] {
  return [...products, ...materials].flatMap(({ name, digest }) =>
    name === artifactNames.image && digest["sha256"] !== undefined
      ? [`sha256:${digest["sha256"]}` as Digest]
      : [],
  );
}

/** What runs one of these images now. */
export async function processesOf(
  { workloads }: ControlPorts,
  images: readonly Digest[],
): Promise<Workload[]> {
  return (await workloads.list()).filter(
    ({ process }) => process !== undefined && images.includes(process.image),
  );
}

/** The image that a word leads to. */
export async function findImage(ports: QueryPorts, word: string): Promise<Digest> {
  return imageOf(ports, await getThing(ports, word), word);
}

/**
 * The gate's answer about a thing's image: the one it has given already, if nothing moved since, or a new one. Where the
 * question names a repository, it is that repository's policy which decides, whatever its tag points to.
 */
export async function verify(ports: QueryPorts, word: string): Promise<GateAnswer> {
  const { control, gate } = ports;
  const known = isDigest(word) ? await gate.find(word) : undefined;
  if (known) return known;
  const { image, repository } = await findQuestion(ports, word);
  const answered = await gate.find(image);
  if (answered?.repository === repository) return answered;
  return gate.decide(repository, image, await readChainRecords(control, image));
}

/** The archive of an image's chain: what a verifier needs that has nothing but a trusted root. */
export async function exportChain(ports: QueryPorts, word: string): Promise<ChainArchive> {
  const { control } = ports;
  const { image, repository } = await findQuestion(ports, word);
  const records = await readChainRecords(control, image);
  return {
    image,
    repository,
    policy: await readPolicyBundle(control, repository),
    bundles: records.map(({ bytes }) => bytes),
  };
}

// The repository that the word names; for a word that names none, the one that packaged the image.
async function findQuestion(
  ports: QueryPorts,
  word: string,
): Promise<{ readonly image: Digest; readonly repository: string }> {
  const thing = await getThing(ports, word);
  const image = await imageOf(ports, thing, word);
  const named = thing.kind === "image" ? thing.repository : undefined;
  return { image, repository: named ?? (await repositoryOf(ports.control, image)) };
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
    case "commit":
      return imageAmong(await getForwardRecords(control, word, thing.id), word);
    case "attestation": {
      const record = await control.attestations.find(thing.digest);
      return imageAmong(record ? [record] : [], word);
    }
    case "unknown":
      throw notFound(word, "unknown");
    default:
      return thing satisfies never;
  }
}

function imageAmong(records: readonly AttestationRecord[], word: string): Digest {
  const image = records.flatMap(imagesOf).at(-1);
  if (!image) throw notFound(word, "it leads to no image");
  return image;
}

/** That a word leads nowhere. */
export function notFound(subject: string, message: string): CustodyError {
  return new CustodyError("api/not-found", message, {
    subject,
    next: "name a pid, a commit id, a digest, a repository or repository:tag",
  });
}
