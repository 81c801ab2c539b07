import { allowedAdmission, refusedAdmission, withWarnings } from "./admission-decision.ts";
import type { AdmissionDecision } from "./admission-decision.ts";
import type { EnforcementAction } from "./enforcement.ts";
import type { Finding } from "./gatekeeper.ts";

/**
 * What constraints found, as a decision: what one denies is refused (403), and so is what one that denies could not decide
 * (500). `warn` warns, `dryrun` is noted for the audit log, whether they could decide or not.
 */
export function decideByFindings(findings: readonly Finding[]): AdmissionDecision {
  const denied = having(findings, "deny");
  const message = denied.map(lineOf).join("\n");
  const code = denied.every(({ isDecided }) => isDecided) ? 403 : 500;
  const decision = denied.length > 0 ? refusedAdmission(code, message) : allowedAdmission;
  const dryruns = having(findings, "dryrun").map(lineOf);
  const auditAnnotations = dryruns.length > 0 ? { dryrun: dryruns.join("\n") } : {};
  return withWarnings({ ...decision, auditAnnotations }, having(findings, "warn").map(lineOf));
}

function having(findings: readonly Finding[], action: EnforcementAction): readonly Finding[] {
  return findings.filter(({ actions }) => actions.includes(action));
}

/** As Gatekeeper writes it. */
function lineOf({ constraint, message, isDecided }: Finding): string {
  return `[${constraint.name}] ${isDecided ? "" : "could not decide: "}${message}`;
}
