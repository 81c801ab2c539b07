import type { LayoutStep } from "custody/evidence";
import { describeFunctionary, isOutside } from "custody/evidence";
import { parsePipeline } from "custody/factory";
import type { OutsideStep } from "custody/factory";
import { CustodyError, hexOf } from "custody/ground";

import type { HandOffContext } from "./context.ts";
import { getState } from "./delivery.ts";
import { getPolicyInForce } from "./policy-in-force.ts";
import type { AttestationRecord } from "./ports.ts";

/**
 * The attestations from elsewhere that the layout asks for, about the source of this delivery.
 *
 * @throws CustodyError `control/awaiting` while one is missing and its deadline has not passed: the delivery is put off. After
 * that the gate says what is missing.
 */
export async function awaitOutside(context: HandOffContext): Promise<readonly AttestationRecord[]> {
  const { ports, delivery } = context;
  const { layout } = await getPolicyInForce(ports, delivery.repository);
  const steps = layout.steps.filter((step) => step.expectedPredicate.functionaries.some(isOutside));
  if (steps.length === 0) return [];
  const source = `sha256:${hexOf(getState(delivery, "source"))}`;
  const found = await ports.attestations.findByArtifacts([source], { as: "material" });
  const records = steps.map((step) => found.filter((record) => mayBe(step, record)));
  const missing = steps.find((_, i) => records[i]?.length === 0);
  if (missing) demandPatience(context, missing);
  return records.flat();
}

// Chosen by what it claims; the gate verifies it.
function mayBe({ name, expectedPredicate }: LayoutStep, record: AttestationRecord): boolean {
  const { functionaries, predicateType } = expectedPredicate;
  const isNamed = functionaries.some((one) => (isOutside(one) ? one.identity : one) === record.identity);
  return record.step === name && record.predicateType === predicateType && isNamed;
}

function demandPatience({ ports, delivery }: HandOffContext, step: LayoutStep): void {
  const waited = (ports.clock.now() - delivery.createdAt) / 1000;
  const written = parsePipeline(getState(delivery, "pipeline")).outside.find(
    ({ name }) => name === step.name,
  );
  if (waited >= deadlineOf(written)) return;
  const who = step.expectedPredicate.functionaries.map(describeFunctionary).join(" or ");
  throw new CustodyError(
    "control/awaiting",
    `the gate waits for step ${step.name}, which is done by ${who}`,
    {
      subject: step.name,
      next: "let it run `custody run --step NAME --repository NAME`, over the same commit",
    },
  );
}

// A step that the layout asks for and the pipeline does not name is waited for as long as any other.
function deadlineOf(step: OutsideStep | undefined): number {
  return step?.deadlineSeconds ?? 3600;
}
