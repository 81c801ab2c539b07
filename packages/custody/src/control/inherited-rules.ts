import { ruleSetRevisionOf, rules as rulesType, scopeText } from "custody/evidence";
import type { RepositoryPolicy, RuleScope, RuleSet } from "custody/evidence";
import { CustodyError, digestOf } from "custody/ground";
import type { Digest } from "custody/ground";

import type { ControlPorts } from "./context.ts";
import { isSetByPolicy } from "./policy-attested.ts";

type RulePorts = Pick<ControlPorts, "attestations" | "crypto" | "identities" | "policies" | "trustedRoot">;

/**
 * A repository's own policy with the rules of its project and of its workload, as they are now: what is put into force.
 *
 * @throws CustodyError `policy/unattested` when somebody who may not has changed those rules, or taken them away.
 */
export async function withInheritedRules(
  ports: RulePorts,
  policy: RepositoryPolicy,
): Promise<RepositoryPolicy> {
  const { rules = [], ...own } = policy;
  const before = (await ports.policies.findPolicy(policy.repository))?.rules ?? [];
  const [project, workload] = await Promise.all(
    (["project", "workload"] as const).map((kind) =>
      findInherited(ports, { kind, repository: policy.repository }, before),
    ),
  );
  const sets = [project, ...rules.filter(({ scope }) => scope.kind === "repository"), workload];
  const all = sets.filter((set): set is RuleSet => set !== undefined && set.modules.length > 0);
  return all.length === 0 ? own : { ...own, rules: all };
}

interface Heir {
  readonly kind: "project" | "workload";
  readonly repository: string;
}

async function findInherited(
  ports: RulePorts,
  { kind, repository }: Heir,
  before: readonly RuleSet[],
): Promise<RuleSet | undefined> {
  const name = kind === "workload" ? repository : projectOf(repository);
  if (name === undefined) return undefined;
  const scope: RuleScope = { kind, name };
  const set = await ports.policies.findRules(scope);
  if (!set && !before.some((one) => one.scope.kind === kind)) return undefined;
  const revisionOf = (one: RuleSet): Digest =>
    ruleSetRevisionOf((bytes) => digestOf(ports.crypto, bytes), one);
  if (set && (await isSetByPolicy(ports, rulesType, revisionOf(set), revisionOf))) return set;
  throw new CustodyError("policy/unattested", `nobody who may has changed the rules of ${scopeText(scope)}`, {
    subject: scopeText(scope),
    next: "find out who writes to the database, then set the rules again: custody policy rules",
  });
}

function projectOf(repository: string): string | undefined {
  const slash = repository.indexOf("/");
  return slash < 0 ? undefined : repository.slice(0, slash);
}
