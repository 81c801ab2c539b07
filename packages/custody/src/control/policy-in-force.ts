import { Examination, examineBundle, policy as policyType, policyRevisionOf } from "custody/evidence";
import type { RepositoryPolicy } from "custody/evidence";
import { CustodyError, digestOf } from "custody/ground";

import type { ControlPorts } from "./context.ts";

/**
 * The policy in force for a repository, if it is the one that was set: its revision must have an attestation by the
 * policy identity, in the log. Whoever can only write to the database cannot loosen a policy.
 *
 * @throws CustodyError `gate/no-policy`, `policy/unattested`.
 */
export async function getPolicyInForce(
  ports: Pick<ControlPorts, "attestations" | "crypto" | "identities" | "policies" | "trustedRoot">,
  repository: string,
): Promise<RepositoryPolicy> {
  const policy = await ports.policies.findPolicy(repository);
  if (!policy)
    throw new CustodyError("gate/no-policy", `${repository} has no policy`, { subject: repository });
  if (policy.repository === repository && (await isAttested(ports, policy))) return policy;
  throw new CustodyError(
    "policy/unattested",
    `nobody who may has set the policy that ${repository} now has`,
    {
      subject: repository,
      next: "find out who writes to the database, then set the policy again: custody policy set",
    },
  );
}

async function isAttested(
  { attestations, crypto, identities, trustedRoot }: Parameters<typeof getPolicyInForce>[0],
  policy: RepositoryPolicy,
): Promise<boolean> {
  const revision = policyRevisionOf((bytes) => digestOf(crypto, bytes), policy);
  const { predicateType } = policyType;
  for (const { bytes } of await attestations.findByArtifacts([revision], { as: "product", predicateType })) {
    const examined = await examineBundle(crypto, bytes, trustedRoot, new Examination());
    if (examined.kind !== "verified" || examined.bundle.identity !== identities.policy) continue;
    const { statement } = examined.bundle;
    const attested = statement.predicateType === predicateType && policyType.parse(statement.predicate);
    if (attested && policyRevisionOf((data) => digestOf(crypto, data), attested) === revision) return true;
  }
  return false;
}
