import type { Product } from "custody/factory";
import type { ObjectId } from "custody/git";
import { CustodyError } from "custody/ground";
import type { Digest, Instant, Reason } from "custody/ground";

/** Where a delivery stands: the hand-off that is to be done next, or how it ended. */
export type Phase = HandOffPhase | EndPhase;

/** In order; each is one hand-off of the chain, "steps" as many as the pipeline has steps. */
export const handOffPhases = ["source", "stemcells", "steps", "package", "publish", "gate", "run"] as const;
export type HandOffPhase = (typeof handOffPhases)[number];

/** `refused`: a check said no. `undecided`: a check could not be made. `failed`: a step or the machinery failed. */
export const endPhases = ["done", "refused", "undecided", "failed"] as const;
export type EndPhase = (typeof endPhases)[number];

/** One commit on its way to a running process; the row that says what to do next. */
export interface Delivery {
  readonly id: string;
  readonly repository: string;
  readonly commit: ObjectId;
  readonly ref: string;
  readonly phase: Phase;
  /** Fences off whoever worked on it before: every take-over counts one up. */
  readonly epoch: number;
  readonly state: DeliveryState;
  readonly createdAt: Instant;
}

/** What the hand-offs so far have produced; grows, and never changes what is there. */
export interface DeliveryState {
  /** The text of custody.yaml in the signed tree. */
  readonly pipeline?: string;
  /** The text of custody.lock in the signed tree, where it has one. */
  readonly lock?: string;
  /** The exported tree. */
  readonly source?: Digest;
  readonly stemcells?: Readonly<Record<string, Digest>>;
  readonly steps?: Readonly<Record<string, readonly Product[]>>;
  readonly image?: Digest;
  /** Bundles of this delivery's own hand-offs, in order. */
  readonly attestations?: readonly Digest[];
  /** Why it ended, when it did not end well. */
  readonly reasons?: readonly Reason[];
}

/** What one hand-off came to: the next phase, what was learnt, and the attestations that prove it. */
export interface Transition {
  readonly phase: Phase;
  readonly state: DeliveryState;
}

export function isEnded(phase: Phase): phase is EndPhase {
  return (endPhases as readonly string[]).includes(phase);
}

/**
 * What an earlier hand-off must have left in the state.
 *
 * @throws CustodyError `control/state` when it has not.
 */
export function getState<Key extends keyof DeliveryState>(
  { id, state }: Delivery,
  key: Key,
): NonNullable<DeliveryState[Key]> {
  const value = state[key];
  if (value === undefined)
    throw new CustodyError("control/state", `delivery ${id} has no ${key} yet`, { subject: id });
  return value;
}
