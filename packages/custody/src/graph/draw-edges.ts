import type { ExplainedStep, LayoutStep, ResourceDescriptor } from "custody/evidence";
import { rulesOf } from "custody/evidence";

import type { PictureEdge } from "./picture.ts";
import { artifactKeysOf } from "./trace.ts";

/**
 * What each step hands on to the next: wherever the layout demands it, and wherever the digests are the same. A hand-off that
 * the layout demands and no digest ties is shown as what it is: broken, or missing where an end is.
 */
export function drawEdges(steps: readonly ExplainedStep[], idOf: (step: string) => string): PictureEdge[] {
  const makers = makersOf(steps);
  return steps.flatMap((taker) => {
    const demanded = demandedBy(taker.step);
    const met = [...takenBy(taker)].flatMap((key) => makers.get(key) ?? []);
    const names = new Set([...demanded, ...met].filter((name) => name !== taker.step.name));
    return steps.filter(({ step }) => names.has(step.name)).map((maker) => drawEdge(maker, taker, idOf));
  });
}

function drawEdge(maker: ExplainedStep, taker: ExplainedStep, idOf: (step: string) => string): PictureEdge {
  const made = new Set(artifactKeysOf(maker.evidence?.handOff.products ?? []));
  const digests = [...takenBy(taker)].filter((key) => made.has(key));
  const areBothThere = maker.evidence !== undefined && taker.evidence !== undefined;
  const state = digests.length > 0 ? "tied" : areBothThere ? "broken" : "missing";
  return { from: idOf(maker.step.name), to: idOf(taker.step.name), digests, state };
}

function makersOf(steps: readonly ExplainedStep[]): ReadonlyMap<string, readonly string[]> {
  const makers = new Map<string, string[]>();
  for (const { step, evidence } of steps) {
    for (const key of artifactKeysOf(ownProducts(evidence?.handOff))) {
      makers.set(key, [...(makers.get(key) ?? []), step.name]);
    }
  }
  return makers;
}

// What a step hands on as it took it in was made by another.
function ownProducts(handOff: HandedOn | undefined): ResourceDescriptor[] {
  const taken = new Set(artifactKeysOf(handOff?.materials ?? []));
  return (handOff?.products ?? []).filter(
    (product) => !artifactKeysOf([product]).some((key) => taken.has(key)),
  );
}

type HandedOn = Pick<NonNullable<ExplainedStep["evidence"]>["handOff"], "materials" | "products">;

function takenBy({ evidence }: ExplainedStep): ReadonlySet<string> {
  const { materials = [], products = [] } = evidence?.handOff ?? {};
  return new Set(artifactKeysOf([...materials, ...products]));
}

function demandedBy({ expectedMaterials, expectedProducts }: LayoutStep): string[] {
  return rulesOf([...expectedMaterials, ...expectedProducts]).flatMap((rule) =>
    rule.kind === "match" ? [rule.step] : [],
  );
}
