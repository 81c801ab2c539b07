import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { observationOf, predicateParser, shortDigest, shortText } from "../attestation-type.ts";
import { timestampShape } from "../predicate-shapes.ts";

const shape = v.object({ Data: v.nonNullish(v.unknown()), Timestamp: timestampShape });

export type CosignCustomPredicate = v.InferOutput<typeof shape>;

/** Anything that someone attested with cosign without a type of its own (sigstore/cosign, `cosign attest --type custom`). */
export const cosignCustom: AttestationType<CosignCustomPredicate> = {
  name: "cosign-custom",
  predicateType: "https://cosign.sigstore.dev/attestation/v1",
  shape,
  parse: predicateParser("cosign custom", shape),
  handOff: observationOf,
  render: (subject, { Data, Timestamp }) => {
    const said = typeof Data === "string" ? Data : JSON.stringify(Data);
    return `${shortDigest(subject[0])}: "${shortText(said)}" on ${Timestamp}`;
  },
};
