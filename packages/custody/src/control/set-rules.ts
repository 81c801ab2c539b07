import { appliesTo, parseRuleSet, ruleSetRevisionOf, rules as rulesType, scopeText } from "custody/evidence";
import type { RuleSet, Statement } from "custody/evidence";
import { CustodyError, digestOf, findFaultCode, hexOf } from "custody/ground";
import type { Digest, Json } from "custody/ground";

import { recordOf } from "./attestation-record.ts";
import type { ControlPorts } from "./context.ts";
import { setPolicy } from "./set-policy.ts";

type SettingPorts = Parameters<typeof setPolicy>[0];

/** Rules as they are set now. */
export interface RulesInForce {
  readonly rules: RuleSet;
  readonly revision: Digest;
  /** Whose policies have new revisions for it. */
  readonly repositories: readonly string[];
}

const maxAttempts = 5;

/**
 * Sets what a project or a workload adds to the gates, attested and logged, and puts it into force for every
 * repository that it applies to. An empty list of modules takes back what was added before.
 *
 * @throws CustodyError `policy/rules` for what does not compile, `policy/malformed`, `policy/conflict`.
 */
export async function setRules(
  ports: SettingPorts,
  document: unknown,
  expected: Digest | undefined,
): Promise<RulesInForce> {
  const rules = parseRuleSet(document);
  if (rules.scope.kind === "repository") throw repositoryRules(rules);
  await ports.gates.check(rules);
  const revision = ruleSetRevisionOf((bytes) => digestOf(ports.crypto, bytes), rules);
  if (revision !== expected) await keep(ports, { rules, revision }, expected);
  const all = await ports.policies.listRepositories();
  const repositories = all.filter((name) => appliesTo(rules.scope, name));
  for (const repository of repositories) await renewPolicy(ports, repository);
  return { rules, revision, repositories };
}

async function keep(
  ports: SettingPorts,
  { rules, revision }: Omit<RulesInForce, "repositories">,
  expected: Digest | undefined,
): Promise<void> {
  const statement: Statement = {
    subject: [{ name: `rules/${rules.scope.kind}/${rules.scope.name}`, digest: { sha256: hexOf(revision) } }],
    predicateType: rulesType.predicateType,
    predicate: rules as unknown as Json,
  };
  const record = recordOf(await ports.attest(ports.identities.policy, statement));
  if (await ports.policies.setRules(rules, expected, record)) return;
  const subject = scopeText(rules.scope);
  throw new CustodyError("policy/conflict", `the rules of ${subject} were changed by somebody else`, {
    subject,
    next: "read the rules again and repeat the change",
  });
}

// Somebody may set the policy at the same moment; what they set has the new rules, or it is tried again.
async function renewPolicy(
  ports: Pick<ControlPorts, "policies"> & SettingPorts,
  repository: string,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const [policy, revision] = await Promise.all([
      ports.policies.findPolicy(repository),
      ports.policies.findRevision(repository),
    ]);
    try {
      if (policy) await setPolicy(ports, policy, revision);
      return;
    } catch (error) {
      if (findFaultCode(error) !== "policy/conflict" || attempt === maxAttempts) throw error;
    }
  }
}

function repositoryRules({ scope }: RuleSet): CustodyError<"policy/malformed"> {
  return new CustodyError("policy/malformed", "a repository's own rules are a part of its policy", {
    subject: scopeText(scope),
    next: `set them there: custody policy rules ${scope.name} DIR`,
  });
}
