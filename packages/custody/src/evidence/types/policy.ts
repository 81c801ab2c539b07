import type { AttestationType } from "../attestation-type.ts";
import type { RepositoryPolicy } from "../repository-policy.ts";
import { parseRepositoryPolicy, repositoryPolicyShape } from "../repository-policy.ts";

/** A revision of a repository's policy was set: who may sign, and the layout its chain must follow. */
export const policy: AttestationType<RepositoryPolicy> = {
  name: "policy",
  predicateType: "https://custody.dev/attestation/policy/v1",
  shape: repositoryPolicyShape,
  parse: parseRepositoryPolicy,
  handOff: (subject) => ({ step: undefined, materials: [], products: subject, weakened: [] }),
  render: (_, { repository, signers, layout }) =>
    `policy of ${repository}: ${signers.length} signers, ${layout.steps.length} steps`,
};
