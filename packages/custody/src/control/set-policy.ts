import type { RepositoryPolicy, Statement } from "custody/evidence";
import {
  demandPlainNames,
  parseRepositoryPolicy,
  policy as policyType,
  policyRevisionOf,
} from "custody/evidence";
import { CustodyError, digestOf, hexOf } from "custody/ground";
import type { Digest, Json } from "custody/ground";

import { recordOf } from "./attestation-record.ts";
import type { ControlPorts } from "./context.ts";
import { withInheritedRules } from "./inherited-rules.ts";

/**
 * Puts a policy into force as a new revision, attested and logged. `expected` is the revision that it replaces: two
 * people who change a policy at once do not overwrite each other. Rules of its project and workload are put in, as they
 * are now: nobody leaves them out here.
 *
 * @throws CustodyError `policy/malformed`, `policy/rules`, `policy/unattested`, `policy/conflict`.
 */
export async function setPolicy(
  ports: Pick<
    ControlPorts,
    "attest" | "attestations" | "crypto" | "gates" | "identities" | "policies" | "trustedRoot"
  >,
  document: unknown,
  expected: Digest | undefined,
): Promise<{ readonly policy: RepositoryPolicy; readonly revision: Digest }> {
  const asked = parseRepositoryPolicy(document);
  demandPlainNames(asked);
  const policy = await withInheritedRules(ports, asked);
  for (const set of policy.rules ?? []) await ports.gates.check(set);
  const revision = policyRevisionOf((bytes) => digestOf(ports.crypto, bytes), policy);
  if (revision === expected) return { policy, revision };
  const statement: Statement = {
    subject: [{ name: `policy/${policy.repository}`, digest: { sha256: hexOf(revision) } }],
    predicateType: policyType.predicateType,
    predicate: policy as unknown as Json,
  };
  const record = recordOf(await ports.attest(ports.identities.policy, statement));
  if (!(await ports.policies.setPolicy(policy, expected, record))) {
    throw new CustodyError(
      "policy/conflict",
      `the policy of ${policy.repository} was changed by somebody else`,
      {
        subject: policy.repository,
        next: "read the policy again and repeat the change",
      },
    );
  }
  return { policy, revision };
}
