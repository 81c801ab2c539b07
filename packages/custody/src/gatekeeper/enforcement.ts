import * as v from "valibot";

import type { RegoValue } from "custody/rego";

import { GatekeeperFault } from "./faults.ts";
import { parseShape } from "./shape.ts";

/** What is done about a violation. `dryrun` only tells of it. */
export type EnforcementAction = "deny" | "dryrun" | "warn";

/** The actions of a constraint: one everywhere, or some at each point where objects are reviewed. */
export type Enforcement =
  | { readonly kind: "everywhere"; readonly action: EnforcementAction }
  | { readonly kind: "scoped"; readonly scopes: readonly EnforcementScope[] };

interface EnforcementScope {
  readonly action: EnforcementAction;
  /** `*` is every point. */
  readonly points: readonly string[];
}

/** Where admission requests are reviewed. */
export const webhookPoint = "validation.gatekeeper.sh";
/** Where files are reviewed. */
export const gatorPoint = "gator.gatekeeper.sh";

const action = v.picklist(["deny", "dryrun", "warn"], "it is deny, dryrun or warn");
const scope = v.object({
  action,
  enforcementPoints: v.array(v.object({ name: v.string() })),
});
const scoped = v.object({
  enforcementAction: v.literal("scoped"),
  scopedEnforcementActions: v.array(scope, "a scoped constraint lists its actions"),
});
const everywhere = v.object({
  enforcementAction: v.nullish(
    v.picklist(["deny", "dryrun", "warn", "scoped"], "it is deny, dryrun, warn or scoped"),
    "deny",
  ),
});

/** @throws GatekeeperFault `gatekeeper/constraint` for actions that Gatekeeper does not know. */
export function parseEnforcement(spec: RegoValue, what: string): Enforcement {
  const subject = { code: "gatekeeper/constraint", what: `${what}: spec` } as const;
  const { enforcementAction } = parseShape(everywhere, spec, subject);
  if (enforcementAction !== "scoped") return { kind: "everywhere", action: enforcementAction };
  const { scopedEnforcementActions } = parseShape(scoped, spec, subject);
  if (scopedEnforcementActions.length === 0)
    throw new GatekeeperFault(subject.code, `${what}: a scoped constraint lists its actions`);
  return {
    kind: "scoped",
    scopes: scopedEnforcementActions.map(({ action, enforcementPoints }) => ({
      action,
      points: enforcementPoints.map(({ name }) => name),
    })),
  };
}

/** The actions at a point; none where the constraint does not count there. */
export function actionsAt(enforcement: Enforcement, point: string): readonly EnforcementAction[] {
  if (enforcement.kind === "everywhere") return [enforcement.action];
  const here = enforcement.scopes.filter(({ points }) => points.includes("*") || points.includes(point));
  return [...new Set(here.map(({ action }) => action))].sort();
}
