import type { RepositoryPolicy, ResourceDescriptor, RuleScope, RuleSet, Sighting } from "custody/evidence";
import type { LockedPackage } from "custody/factory";
import type { ObjectId, ObjectType } from "custody/git";
import type { Bytes, Digest, Instant } from "custody/ground";
import type { WorkloadSpec } from "custody/runtime";

import type { Delivery, Phase, Transition } from "./delivery.ts";

/** An attestation as it is kept: the bytes that verify, and what they are found by. */
export interface AttestationRecord {
  readonly digest: Digest;
  readonly bytes: Bytes;
  readonly predicateType: string;
  readonly identity: string;
  readonly signedAt: Instant;
  readonly logIndex: number;
  readonly step: string | undefined;
  readonly rendering: string;
  readonly materials: readonly ResourceDescriptor[];
  readonly products: readonly ResourceDescriptor[];
}

/**
 * The rows that drive deliveries.
 *
 * Durability: what `create` and `advance` answered is there after a crash. Concurrency: any number of processes; a
 * delivery is held by one at a time, by lease and epoch. `advance` is one transaction: the phase moves and its
 * attestations are kept together, or neither happens.
 */
export interface DeliveryStore {
  create(delivery: Pick<Delivery, "id" | "repository" | "commit" | "ref">): Promise<Delivery>;
  /** Takes the oldest delivery that has not ended and that nobody holds; its epoch is one higher then. */
  claim(owner: string, leaseSeconds: number): Promise<Delivery | undefined>;
  /** Prolongs the lease; false when somebody else holds the delivery now. */
  renew(id: string, epoch: number, leaseSeconds: number): Promise<boolean>;
  /** Moves on, if the epoch is still the caller's; false when it is not, and then nothing was written. */
  advance(
    held: Pick<Delivery, "id" | "epoch">,
    transition: Transition,
    attestations: readonly AttestationRecord[],
  ): Promise<boolean>;
  /** Frees what a dead process of this owner held. */
  release(owner: string): Promise<void>;
  find(id: string): Promise<Delivery | undefined>;
  /** The newest first. */
  list(filter: DeliveryFilter): Promise<Delivery[]>;
}

/** Which deliveries are listed: those of a repository or a commit, those taken in before one. */
export interface DeliveryFilter {
  readonly repository?: string | undefined;
  readonly commit?: string | undefined;
  /** A delivery's id; of one that there is not, nothing is before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Attestations by what they are about. Rows come in the order in which they were seen. */
export interface AttestationStore {
  find(digest: Digest): Promise<AttestationRecord | undefined>;
  /**
   * Those that have one of these artifacts, `algorithm:hex`; as a material, as a product, or as either. As a payload: those
   * whose envelope holds these very bytes.
   */
  findByArtifacts(artifacts: readonly string[], filter?: AttestationFilter): Promise<AttestationRecord[]>;
  /** How many of a signer are kept that were signed at that time or later. */
  countOfSigner(identity: string, since: Instant): Promise<number>;
  /** Keeps attestations that belong to no delivery: policies, workloads. */
  add(attestations: readonly AttestationRecord[]): Promise<void>;
}

/** Narrows a search for attestations. */
export interface AttestationFilter {
  readonly as?: "material" | "product" | "payload";
  readonly predicateType?: string;
}

/** The policy in force for each repository; older revisions stay on record as attestations. */
export interface PolicyStore {
  findPolicy(repository: string): Promise<RepositoryPolicy | undefined>;
  /** The revision of the policy that `findPolicy` would answer with. */
  findRevision(repository: string): Promise<Digest | undefined>;
  /** Sets a revision together with its attestation, if the policy in force is still `expected`; false otherwise. */
  setPolicy(
    policy: RepositoryPolicy,
    expected: Digest | undefined,
    attestation: AttestationRecord,
  ): Promise<boolean>;
  listRepositories(): Promise<string[]>;
  /** What a project or workload adds to the gates. */
  findRules(scope: RuleScope): Promise<RuleSet | undefined>;
  /** Sets rules together with their attestation, if those of their scope are still `expected`; false otherwise. */
  setRules(set: RuleSet, expected: Digest | undefined, attestation: AttestationRecord): Promise<boolean>;
}

/** What should run, and what does. */
export interface Workload {
  /** The repository whose image it is; one workload each. */
  readonly name: string;
  readonly image: Digest;
  readonly desired: "running" | "stopped";
  readonly process?: WorkloadProcess | undefined;
  /** Why it does not run although it should. */
  readonly trouble?: string | undefined;
}

export interface WorkloadProcess {
  readonly sandboxId: string;
  readonly pid: number;
  readonly startedAt: Instant;
  readonly address: string;
  readonly image: Digest;
}

/** Rows of workloads; each write is durable when it is answered. */
export interface WorkloadStore {
  list(): Promise<Workload[]>;
  findWorkload(name: string): Promise<Workload | undefined>;
  /** Says what should run from now on. */
  want(name: string, image: Digest): Promise<void>;
  setDesired(name: string, desired: Workload["desired"]): Promise<boolean>;
  /** Records what runs, or that nothing does. */
  observe(name: string, process: WorkloadProcess | undefined, trouble?: string): Promise<void>;
  /** When the newest commit was seen that was ever admitted for the repository. */
  findHighWater(name: string): Promise<Sighting | undefined>;
  /** Sets it, unless a newer one is there. */
  raiseHighWater(name: string, sighting: Sighting): Promise<void>;
}

/** Progress for whoever watches; losing one loses nothing else. */
export interface DeliveryEvent {
  readonly delivery: string;
  readonly phase: Phase;
  readonly kind: "started" | "progress" | "finished";
  readonly message: string;
  readonly at: Instant;
}

/** The objects of received repositories; each is checked against its id before it is given out. */
export interface SourceStore {
  readObject(repository: string, id: ObjectId, type: ObjectType): Promise<Bytes>;
}

/** A way for people and machines to fetch and see the image; the distribution protocol is behind it. */
export interface Publisher {
  /** Pushes the image that lies in the blob store under the tags; answers with its reference. */
  publish(
    repository: string,
    image: Digest,
    tags: readonly string[],
  ): Promise<{ readonly reference: string }>;
  /** Attaches a bundle to the image through the referrers API. Again is no fault. */
  attach(repository: string, image: Digest, bundle: AttestationRecord): Promise<void>;
}

/** Asks a workload over HTTP whether it is well; false for every other answer than 2xx, and for none in time. */
export interface Probe {
  isHealthy(url: string, timeoutMilliseconds: number): Promise<boolean>;
  /** Waits between two attempts. */
  pause(milliseconds: number): Promise<void>;
}

/** Turns an image of the blob store into something that can be started; every byte is checked against its digest. */
export interface ImagePlaces {
  place(image: Digest): Promise<PlacedImage>;
}

/** What the admitted digest says about how it is to be run: nothing comes from anywhere else. */
export interface PlacedImage {
  readonly workload: Omit<WorkloadSpec, "name">;
  readonly health: { readonly path: string; readonly deadlineSeconds: number };
}

/** A root file system made of Debian packages, as it was made or found again. */
export interface PreparedStemcell {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly recipeDigest: Digest;
  readonly suite: string;
  readonly requested: readonly string[];
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly architecture: string;
    readonly sha256: string;
  }[];
  /** The archive's signed indexes that chose and checked the packages. */
  readonly releases: readonly { readonly suite: string; readonly date: string; readonly digest: Digest }[];
  readonly sourceDateEpoch: number;
  /** SPDX 2.3 JSON. */
  readonly sbom: Uint8Array;
  /** The layer: an uncompressed tar. */
  open(): AsyncIterable<Uint8Array>;
}

/** Makes stemcells, each recipe once; the same recipe gives the same bytes while the archive has the same packages. */
export interface Stemcells {
  /** @throws CustodyError `stemcell/pin-unavailable` when a pin cannot be met exactly; `stemcell/…`. */
  prepare(recipe: StemcellRecipe, say: (message: string) => void): Promise<PreparedStemcell>;
}

/** What a stemcell is to be made of; with a pin, of exactly these packages. */
export interface StemcellRecipe {
  readonly suite: string;
  readonly packages: readonly string[];
  readonly pin?: readonly LockedPackage[];
}
