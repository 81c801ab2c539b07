import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { observationOf, predicateParser, shortText } from "../attestation-type.ts";
import { listOf, nameShape, shortList, textShape, timestampShape } from "../predicate-shapes.ts";

const statementShape = v.pipe(
  v.object({
    /** A name alone before v0.2.0. */
    vulnerability: v.union([nameShape, v.looseObject({ name: nameShape })]),
    products: v.nullish(listOf(v.union([nameShape, v.looseObject({})])), []),
    status: v.picklist(["not_affected", "affected", "fixed", "under_investigation"]),
    justification: v.nullish(textShape),
    impact_statement: v.nullish(textShape),
  }),
  v.forward(
    v.check(
      ({ status, justification, impact_statement }) =>
        status !== "not_affected" || Boolean(justification) || Boolean(impact_statement),
      "not_affected needs a justification or an impact statement",
    ),
    ["status"],
  ),
);

const shape = v.object({
  "@context": v.pipe(textShape, v.regex(/^https:\/\/openvex\.dev\/ns(?:\/v\d+\.\d+\.\d+)?$/)),
  "@id": nameShape,
  author: nameShape,
  timestamp: timestampShape,
  /** A text before v0.2.0. */
  version: v.union([v.pipe(v.number(), v.integer(), v.minValue(1)), nameShape]),
  statements: listOf(statementShape),
});

export type OpenVexPredicate = v.InferOutput<typeof shape>;

function nameOf({ vulnerability }: OpenVexPredicate["statements"][number]): string {
  return typeof vulnerability === "string" ? vulnerability : vulnerability.name;
}

/** Whether vulnerabilities affect products (OpenVEX specification v0.2.0). */
export const openVex: AttestationType<OpenVexPredicate> = {
  name: "openvex",
  predicateType: "https://openvex.dev/ns",
  otherPredicateTypes: ["https://openvex.dev/ns/v0.0.1", "https://openvex.dev/ns/v0.2.0"],
  shape,
  parse: predicateParser("OpenVEX", shape),
  handOff: observationOf,
  render: (_, { author, statements }) =>
    `${shortText(author)} says ${shortList(statements.map((one) => `${nameOf(one)} ${one.status}`))}`,
};
