import * as v from "valibot";

import type { AttestationType, HandOff } from "../attestation-type.ts";
import { predicateParser, shortText } from "../attestation-type.ts";
import { artifactShape, artifactsOf, listOf, nameShape, textShape } from "../predicate-shapes.ts";

const shape = v.object({
  name: nameShape,
  command: v.nullish(listOf(textShape), []),
  materials: v.nullish(
    v.pipe(
      listOf(artifactShape),
      v.check((all) => new Set(all.map(({ name }) => name)).size === all.length, "a material stands twice"),
    ),
    [],
  ),
  /** Opaque but for how the command ended, where its in-toto name is used. */
  byproducts: v.nullish(v.looseObject({ "return-value": v.optional(v.pipe(v.number(), v.integer())) }), {}),
  environment: v.nullish(v.looseObject({}), {}),
});

export type LinkPredicate = v.InferOutput<typeof shape>;

function weaknessOf({ byproducts }: LinkPredicate): Pick<HandOff, "weakened" | "failed"> {
  const ended = byproducts["return-value"] ?? 0;
  return ended === 0 ? { weakened: [] } : { weakened: [`the command ended with ${ended}`], failed: true };
}

/** One step was carried out, from its materials to the subjects (in-toto/attestation, link v0.3). */
export const link: AttestationType<LinkPredicate> = {
  name: "link",
  predicateType: "https://in-toto.io/attestation/link/v0.3",
  shape,
  parse: predicateParser("link", shape),
  handOff: (subject, predicate) => ({
    step: predicate.name,
    materials: artifactsOf(predicate.materials),
    products: subject,
    ...weaknessOf(predicate),
  }),
  render: (subject, { name, command, materials, byproducts }) => {
    const ran = command.length === 0 ? "" : ` by "${shortText(command.join(" "))}"`;
    const ended = byproducts["return-value"] ?? 0;
    return (
      `step ${shortText(name)} made ${subject.length} artifacts from ${materials.length}${ran}` +
      (ended === 0 ? "" : `, which ended with ${ended}`)
    );
  },
};
