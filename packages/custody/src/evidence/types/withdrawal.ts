import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { predicateParser, shortDigest, shortText } from "../attestation-type.ts";
import { digestSetShape } from "../statement.ts";
import { textShape } from "../predicate-shapes.ts";

const shape = v.object({
  /** Whose statement it is that no longer counts: the name in the certificate, and who vouched for it. */
  signer: v.object({ identity: textShape, issuer: textShape }),
  reason: v.pipe(textShape, v.minLength(1)),
  /** The payload of the statement that takes its place. */
  supersededBy: v.optional(v.object({ digest: digestSetShape })),
});

export type WithdrawalPredicate = v.InferOutput<typeof shape>;

/**
 * What a signer said no longer counts. The subject is the payload of that statement (SHA-256 of the bytes in the
 * envelope), not its bundle: the same words in another bundle are withdrawn with it.
 */
export const withdrawal: AttestationType<WithdrawalPredicate> = {
  name: "withdrawal",
  predicateType: "https://custody.dev/attestation/withdrawal/v1",
  shape,
  parse: predicateParser("withdrawal", shape),
  handOff: (subject) => ({ step: undefined, materials: subject, products: [], weakened: [] }),
  render: (subject, { signer, reason, supersededBy }) => {
    const instead = supersededBy
      ? `, superseded by ${shortDigest({ name: "", digest: supersededBy.digest })}`
      : "";
    return `withdrawn: ${shortDigest(subject[0])} of ${shortText(signer.identity)} (${shortText(reason)})${instead}`;
  },
};
