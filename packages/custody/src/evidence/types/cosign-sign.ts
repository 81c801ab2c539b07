import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { observationOf, predicateParser, shortDigest } from "../attestation-type.ts";

const shape = v.nullish(v.looseObject({}), {});

/** An image's plain signature, as cosign 3 makes it: all it says is its subject (sigstore/cosign, `cosign sign`). */
export const cosignSign: AttestationType<v.InferOutput<typeof shape>> = {
  name: "cosign-sign",
  predicateType: "https://sigstore.dev/cosign/sign/v1",
  shape,
  parse: predicateParser("cosign signature", shape),
  handOff: observationOf,
  render: (subject) => `${shortDigest(subject[0])} is signed`,
};
