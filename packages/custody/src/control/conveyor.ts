import { CustodyError } from "custody/ground";

import type { ControlPorts, HandOffContext, HandOffResult } from "./context.ts";
import { endWith } from "./context.ts";
import type { Delivery, HandOffPhase, Phase } from "./delivery.ts";
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

/** Hears how deliveries go on. */
export type Listen = (event: DeliveryEvent) => void;

/**
 * Carries one claimed delivery from hand-off to hand-off until it ends or somebody else holds it. Each hand-off ends in
 * one transaction that moves the phase and keeps its attestations; a crash before it leaves the phase where it was, and
 * the next holder does that hand-off again.
 */
export async function carry(
  ports: ControlPorts,
  keeper: Keeper,
  claimed: Delivery,
  listen: Listen,
): Promise<Delivery> {
  let delivery = claimed;
  for (let count = 0; !isEnded(delivery.phase) && count < maxHandOffs; count++) {
    const result = await handOver(contextOf(ports, delivery, listen), keeper);
    const next = layOver(delivery, result);
    if (!(await ports.deliveries.advance(delivery, next, result.attestations))) return delivery;
    tell(listen, ports, delivery, { kind: "finished", message: summaryOf(result) });
    delivery = { ...delivery, ...next };
  }
  return delivery;
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

function layOver(
  { state }: Delivery,
  { phase, learnt, attestations }: HandOffResult,
): Pick<Delivery, "phase" | "state"> {
  const kept = [...(state.attestations ?? []), ...attestations.map(({ digest }) => digest)];
  return { phase, state: { ...state, ...learnt, attestations: [...new Set(kept)] } };
}

function summaryOf({ phase, learnt, attestations }: HandOffResult): string {
  const [reason] = learnt.reasons ?? [];
  if (reason) return `${phase}: ${reason.code}: ${reason.message}`;
  return attestations.map(({ rendering }) => rendering).join("; ") || phase;
}

// A fault of the evidence or of the machinery ends the delivery as undecided or failed; it never passes for a yes.
async function handOver(context: HandOffContext, keeper: Keeper): Promise<HandOffResult> {
  try {
    return await handOffs[context.delivery.phase as HandOffPhase](context, keeper);
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    if (error.code.startsWith("postgres/")) throw error;
    const { code, message, subject = context.delivery.commit } = error;
    return endWith(endOf(context.delivery.phase), [{ code, subject, message }]);
  }
}

// Where evidence is judged, a fault means "could not decide"; where work is done, it means that the work failed.
function endOf(phase: Phase): "undecided" | "failed" {
  return phase === "source" || phase === "gate" ? "undecided" : "failed";
}

const handOffs: Record<HandOffPhase, (context: HandOffContext, keeper: Keeper) => Promise<HandOffResult>> = {
  source: handOverSource,
  stemcells: handOverStemcells,
  steps: handOverStep,
  package: handOverPackage,
  publish: handOverPublication,
  gate: handOverDecision,
  run: handOverToRuntime,
};
