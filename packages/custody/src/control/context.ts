import type { IssuedAttestation } from "custody/authority";
import type { Statement, TrustedRoot } from "custody/evidence";
import type { FactoryPorts } from "custody/factory";
import type { Clock, Crypto, Reason } from "custody/ground";
import type { BlobStore } from "custody/oci";
import type { Gates, Identities } from "custody/policy";
import type { Sandbox } from "custody/runtime";
import type { SpiffeId, TrustDomain } from "custody/spiffe";

import type { Delivery, DeliveryState, EndPhase, Phase } from "./delivery.ts";
import type {
  AttestationRecord,
  AttestationStore,
  DeliveryStore,
  ImagePlaces,
  PolicyStore,
  Probe,
  Publisher,
  SourceStore,
  Stemcells,
  WorkloadStore,
} from "./ports.ts";

/** All that the control loop acts through. */
export interface ControlPorts {
  readonly crypto: Crypto;
  /** Custody's own policies, and what others add to them. */
  readonly gates: Gates;
  readonly clock: Clock;
  readonly trustDomain: TrustDomain;
  readonly identities: Identities;
  readonly trustedRoot: TrustedRoot;
  readonly deliveries: DeliveryStore;
  readonly attestations: AttestationStore;
  readonly policies: PolicyStore;
  readonly workloads: WorkloadStore;
  readonly sources: SourceStore;
  readonly blobs: BlobStore;
  readonly images: ImagePlaces;
  readonly stemcells: Stemcells;
  readonly factory: FactoryPorts;
  /** SOURCE_DATE_EPOCH of every step and image, seconds since 1970: builds do not know what time it is. */
  readonly sourceDateEpoch: number;
  /** Of this machine, as OCI names it: `amd64`, `arm64`. */
  readonly architecture: string;
  readonly publisher: Publisher;
  readonly sandbox: Sandbox;
  readonly probe: Probe;
  /** Signs as a part of Custody; the log has the entry when this answers. */
  attest(identity: SpiffeId, statement: Statement): Promise<IssuedAttestation>;
}

/** One hand-off of one delivery: what it may use, and a way to say how far it is. */
export interface HandOffContext {
  readonly ports: ControlPorts;
  readonly delivery: Delivery;
  readonly say: (message: string) => void;
}

/** What a hand-off came to. */
export interface HandOffResult {
  readonly phase: Phase;
  /** What was learnt; laid over the state that was there. */
  readonly learnt: DeliveryState;
  readonly attestations: readonly AttestationRecord[];
}

/** Ends the delivery with reasons. */
export function endWith(
  phase: Exclude<EndPhase, "done">,
  reasons: readonly Reason[],
  attestations: readonly AttestationRecord[] = [],
): HandOffResult {
  return { phase, learnt: { reasons }, attestations };
}
