import type { AttestationType } from "custody/evidence";
import { Examination, examineBundle } from "custody/evidence";
import type { Digest } from "custody/ground";

import type { ControlPorts } from "./context.ts";

/**
 * Whether the policy identity has attested, in the log, a document that has this revision: whoever can only write to the
 * database cannot change what was set.
 */
export async function isSetByPolicy<Document>(
  {
    attestations,
    crypto,
    identities,
    trustedRoot,
  }: Pick<ControlPorts, "attestations" | "crypto" | "identities" | "trustedRoot">,
  { predicateType, parse }: Pick<AttestationType<Document>, "predicateType" | "parse">,
  revision: Digest,
  revisionOf: (document: Document) => Digest,
): Promise<boolean> {
  for (const { bytes } of await attestations.findByArtifacts([revision], { as: "product", predicateType })) {
    const examined = await examineBundle(crypto, bytes, trustedRoot, new Examination());
    if (examined.kind !== "verified" || examined.bundle.identity !== identities.policy) continue;
    const { statement } = examined.bundle;
    if (statement.predicateType === predicateType && revisionOf(parse(statement.predicate)) === revision)
      return true;
  }
  return false;
}
