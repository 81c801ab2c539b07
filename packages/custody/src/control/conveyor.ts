import { CustodyError, findFaultCode } from "custody/ground";

import type { ControlPorts, HandOffContext, HandOffResult } from "./context.ts";
import { endWith } from "./context.ts";
import type { Delivery, EndPhase, HandOffPhase, Phase, Transition } from "./delivery.ts";
import { isEnded } from "./delivery.ts";
import { handOverDecision } from "./hand-offs/gate.ts";
import { handOverPackage } from "./hand-offs/package.ts";
import { handOverPublication } from "./hand-offs/publish.ts";
import { handOverToRuntime } from "./hand-offs/run.ts";
import { handOverSource } from "./hand-offs/source.ts";
import { handOverStemcells } from "./hand-offs/stemcells.ts";
import { handOverStep } from "./hand-offs/steps.ts";
import type { Keeper } from "./keeper.ts";
import type { DeliveryEvent } from "./ports.ts";

/** How long a delivery is held before another process may take it over; renewed while the work goes on. */
export const leaseSeconds = 30;
/** More hand-offs than any pipeline has: a delivery that exceeds it goes in circles. */
const maxHandOffs = 200;

/** Faults that say nothing about the delivery: the same hand-off is done again when they are mended. */
const passing =
  /^(?:postgres\/(?!statement)|(?:blobs|files)\/disk-full$|registry\/(?:unreachable|unavailable)$|log\/(?:busy|closed)$|control\/awaiting$|server\/)/;

/** Hears how deliveries go on. */
export type Listen = (event: DeliveryEvent) => void;

export interface CarryOptions {
  readonly listen: Listen;
  /** Whether the process is about to end: no other hand-off is begun then, and no fault is held against a delivery. */
  readonly isStopping?: () => boolean;
}

/**
 * Carries one claimed delivery from hand-off to hand-off until it ends or somebody else holds it. Each hand-off ends in
 * one transaction that moves the phase and keeps its attestations; a crash before it leaves the phase where it was, and
 * the next holder does that hand-off again.
 *
 * Stopping ends it after the hand-off under way, or with the fault that this hand-off ends in; the delivery stays where
 * it was.
 *
 * @throws CustodyError a fault that passes (see {@link isPassing}): the delivery stays where it was.
 */
export async function carry(
  ports: ControlPorts,
  keeper: Keeper,
  claimed: Delivery,
  { listen, isStopping = () => false }: CarryOptions,
): Promise<Delivery> {
  let delivery = claimed;
  for (let count = 0; !isEnded(delivery.phase) && !isStopping() && count < maxHandOffs; count++) {
    const result = await handOver(contextOf(ports, delivery, listen), keeper, isStopping);
    const next = await keep(ports, delivery, result);
    if (!next) return delivery;
    tell(listen, ports, delivery, { kind: "finished", message: summaryOf(next, result) });
    delivery = moveOn(delivery, next);
  }
  return delivery;
}

/** Keeps what a hand-off came to; undefined when somebody else holds the delivery now. */
async function keep(
  { deliveries }: ControlPorts,
  delivery: Delivery,
  result: HandOffResult,
): Promise<Transition | undefined> {
  const next = layOver(delivery, result);
  try {
    return (await deliveries.advance(delivery, next, result.attestations)) ? next : undefined;
  } catch (error) {
    if (findFaultCode(error) !== "postgres/statement") throw error;
    // What no row can hold (text with a NUL, say) would be refused again and again.
    const message = "the database cannot hold what the hand-off came to";
    const failure = layOver(
      delivery,
      endWith("failed", [{ code: "control/unkept", subject: delivery.id, message }]),
    );
    return (await deliveries.advance(delivery, failure, [])) ? failure : undefined;
  }
}

function moveOn(delivery: Delivery, next: Transition): Delivery {
  return { ...delivery, ...next };
}

function contextOf(ports: ControlPorts, delivery: Delivery, listen: Listen): HandOffContext {
  return { ports, delivery, say: (message) => tell(listen, ports, delivery, { kind: "progress", message }) };
}

function tell(
  listen: Listen,
  { clock }: ControlPorts,
  { id, phase }: Delivery,
  { kind, message }: Pick<DeliveryEvent, "kind" | "message">,
): void {
  listen({ delivery: id, phase, kind, message, at: clock.now() });
}

function layOver({ state }: Delivery, { phase, learnt, attestations }: HandOffResult): Transition {
  const kept = [...(state.attestations ?? []), ...attestations.map(({ digest }) => digest)];
  return { phase, state: { ...state, ...learnt, attestations: [...new Set(kept)] } };
}

function summaryOf({ phase, state }: Transition, { attestations }: HandOffResult): string {
  const [reason] = state.reasons ?? [];
  if (reason) return `${phase}: ${reason.code}: ${reason.message}`;
  return attestations.map(({ rendering }) => rendering).join("; ") || phase;
}

// A fault of the evidence or of the machinery ends the delivery as undecided or failed; it never passes for a yes.
async function handOver(
  context: HandOffContext,
  keeper: Keeper,
  isStopping: () => boolean,
): Promise<HandOffResult> {
  try {
    return await handOffs[context.delivery.phase as HandOffPhase](context, keeper);
  } catch (error) {
    if (!(error instanceof CustodyError) || isPassing(error) || isStopping()) throw error;
    return resultOf(context.delivery, error);
  }
}

/** Whether a fault says nothing about a delivery, only about the moment: the hand-off can be done again later. */
export function isPassing(error: unknown): boolean {
  return error instanceof CustodyError && passing.test(error.code);
}

function resultOf(
  { phase, commit }: Delivery,
  { code, message, subject = commit, details }: CustodyError,
): HandOffResult {
  const reasons = details?.["reasons"] as HandOffResult["learnt"]["reasons"];
  return endWith(endOf(phase, code, details?.["verdict"]), reasons ?? [{ code, subject, message }]);
}

// Where evidence is judged, a fault means "could not decide"; where work is done, it means that the work failed. What
// the commit itself holds can be judged, and is refused.
function endOf(phase: Phase, code: string, verdict: unknown): Exclude<EndPhase, "done"> {
  if (verdict === "refused" || verdict === "undecided") return verdict;
  if (phase === "source" && unfit.test(code)) return "refused";
  return phase === "source" || phase === "gate" ? "undecided" : "failed";
}

const unfit = /^(?:factory\/|source\/|tar\/|bytes\/utf8|git\/(?:commit|tree|too-large)$)/;

const handOffs: Record<HandOffPhase, (context: HandOffContext, keeper: Keeper) => Promise<HandOffResult>> = {
  source: handOverSource,
  stemcells: handOverStemcells,
  steps: handOverStep,
  package: handOverPackage,
  publish: handOverPublication,
  gate: handOverDecision,
  run: handOverToRuntime,
};
