import type { AttestationType } from "../attestation-type.ts";
import { predicateParser } from "../attestation-type.ts";
import type { RuleSet } from "../rule-set.ts";
import { ruleSetShape, scopeText } from "../rule-set.ts";

/** What a project or a workload adds to Custody's own gates was set. */
export const rules: AttestationType<RuleSet> = {
  name: "rules",
  predicateType: "https://custody.dev/attestation/rules/v1",
  shape: ruleSetShape,
  parse: predicateParser("rules", ruleSetShape),
  handOff: (subject) => ({ step: undefined, materials: [], products: subject, weakened: [] }),
  render: (_, { scope, modules }) => `rules of ${scopeText(scope)}: ${modules.length} modules`,
};
