import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { observationOf, predicateParser, shortDigest } from "../attestation-type.ts";
import { nameShape } from "../predicate-shapes.ts";

const maxElements = 100_000;

const documentShape = v.object({
  spdxVersion: v.picklist(["SPDX-2.2", "SPDX-2.3"]),
  name: v.string(),
  packages: v.pipe(
    v.array(v.looseObject({ name: v.string(), versionInfo: v.optional(v.string()) })),
    v.maxLength(maxElements),
  ),
});

const graphShape = v.object({
  "@context": v.pipe(
    v.string(),
    v.regex(/^https:\/\/spdx\.org\/rdf\/3\.\d+(?:\.\d+)?\/spdx-context\.jsonld$/),
  ),
  "@graph": v.pipe(v.array(v.looseObject({ type: nameShape })), v.maxLength(maxElements)),
});

export type SpdxPredicate = v.InferOutput<typeof documentShape> | v.InferOutput<typeof graphShape>;

const parseDocument = predicateParser("SPDX", documentShape);
const parseGraph = predicateParser("SPDX 3", graphShape);

function isGraph(predicate: unknown): boolean {
  return typeof predicate === "object" && predicate !== null && Object.hasOwn(predicate, "@graph");
}

function countPackages(predicate: SpdxPredicate): number {
  if ("packages" in predicate) return predicate.packages.length;
  return predicate["@graph"].filter(({ type }) => type === "software_Package").length;
}

/** What an artifact is made of: an SPDX document, version 2.2, 2.3 or 3 (in-toto/attestation, spdx). */
export const spdx: AttestationType<SpdxPredicate> = {
  name: "spdx",
  predicateType: "https://spdx.dev/Document",
  otherPredicateTypes: ["https://spdx.dev/Document/v2.3", "https://spdx.dev/Document/v3"],
  shape: v.union([documentShape, graphShape]),
  parse: (predicate) => (isGraph(predicate) ? parseGraph(predicate) : parseDocument(predicate)),
  handOff: observationOf,
  render: (subject, predicate) => `${shortDigest(subject[0])} holds ${countPackages(predicate)} packages`,
};
