import type { RepositoryPolicy } from "custody/evidence";
import type { GateFacts, GateName } from "custody/policy";

import type { ControlPorts, HandOffResult } from "../context.ts";
import { endWith } from "../context.ts";

/** Asks a gate, and what was added to it; answers with the end of the delivery, or undefined when it goes on. */
export async function askGate<Gate extends GateName>(
  { gates }: Pick<ControlPorts, "gates">,
  gate: Gate,
  facts: GateFacts<Gate>,
  { rules }: Pick<RepositoryPolicy, "rules">,
): Promise<HandOffResult | undefined> {
  const verdict = await gates.judge(gate, facts, rules);
  return verdict.kind === "allowed" ? undefined : endWith(verdict.kind, verdict.reasons);
}
