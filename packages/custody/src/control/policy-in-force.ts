import { policy as policyType, policyRevisionOf } from "custody/evidence";
import type { RepositoryPolicy } from "custody/evidence";
import { CustodyError, digestOf } from "custody/ground";
import type { Digest } from "custody/ground";

import type { ControlPorts } from "./context.ts";
import { isSetByPolicy } from "./policy-attested.ts";

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
  const revisionOf = (one: RepositoryPolicy): Digest =>
    policyRevisionOf((bytes) => digestOf(ports.crypto, bytes), one);
  const isSet = await isSetByPolicy(ports, policyType, revisionOf(policy), revisionOf);
  if (policy.repository === repository && isSet) return policy;
  throw new CustodyError(
    "policy/unattested",
    `nobody who may has set the policy that ${repository} now has`,
    {
      subject: repository,
      next: "find out who writes to the database, then set the policy again: custody policy set",
    },
  );
}
