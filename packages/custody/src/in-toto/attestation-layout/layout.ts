import { findArtifactRule } from "custody/evidence";
import type { ArtifactRule } from "custody/evidence";
import { parseInstant } from "custody/ground";
import type { Instant } from "custody/ground";
import * as v from "valibot";

import { inTotoFault } from "../faults.ts";
import type { LayoutKey } from "../keys.ts";
import type { Parameters } from "../parameters.ts";
import { resolveParameters, substitute, substituteInCel } from "./parameters.ts";

/** A layout over attestations (in-toto ITE-10, ITE-11), in the form of in-toto/attestation-verifier's `layout.yml`. */
export interface AttestationLayout {
  readonly expires: Instant;
  readonly functionaries: Readonly<Record<string, LayoutKey>>;
  readonly steps: readonly AttestationStep[];
  readonly subjects: readonly AttestedSubjects[];
  /** Names of inspections: nothing here runs them. */
  readonly inspections: readonly string[];
}

export interface AttestationStep {
  readonly name: string;
  readonly expectedMaterials: readonly ArtifactRule[];
  readonly expectedProducts: readonly ArtifactRule[];
  readonly expectedPredicates: readonly ExpectedPredicate[];
}

/** Products, by patterns of their names, that must be the subjects of attestations besides. */
export interface AttestedSubjects {
  readonly patterns: readonly string[];
  readonly expectedPredicates: readonly ExpectedPredicate[];
}

export interface ExpectedPredicate {
  readonly predicateType: string;
  /** Names of functionaries of the layout. */
  readonly functionaries: readonly string[];
  /** How many distinct keys must vouch; at least 1. */
  readonly threshold: number;
  readonly attributes: readonly AttributeRule[];
}

/** What must hold of a statement, in CEL. */
export interface AttributeRule {
  readonly rule: string;
  /** A field that is not there is no failure. */
  readonly allowIfNoClaim: boolean;
  /** A failure is a warning only. */
  readonly warn: boolean;
  /** What to say of a failure. */
  readonly debug: string;
}

const maxItems = 256;
const maxTextLength = 4096;

const text = v.pipe(v.string(), v.maxLength(maxTextLength));
const name = v.pipe(text, v.minLength(1), v.regex(/^[^/\\\0]{1,200}$/, "a name has no slash"));
const isSet = v.nullish(v.boolean(), false);

function listOf<const Item extends v.GenericSchema>(item: Item) {
  return v.nullish(v.pipe(v.array(item), v.maxLength(maxItems)), []);
}

const attributeShape = v.strictObject({
  rule: v.pipe(text, v.minLength(1)),
  allowIfNoClaim: isSet,
  warn: isSet,
  debug: v.nullish(text, ""),
});

const predicateShape = v.strictObject({
  predicateType: v.pipe(text, v.minLength(1)),
  expectedAttributes: listOf(attributeShape),
  functionaries: v.pipe(v.array(text), v.minLength(1, "nobody may vouch"), v.maxLength(maxItems)),
  // Zero would let a step pass that nobody vouches for.
  threshold: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxItems)), 1),
});
const predicatesShape = v.pipe(
  v.array(predicateShape),
  v.minLength(1, "without a predicate nobody vouches"),
  v.maxLength(maxItems),
);

const keyShape = v.object({
  keyType: text,
  scheme: text,
  keyVal: v.object({ public: v.pipe(v.string(), v.maxLength(32_768)) }),
  keyID: v.nullish(text),
});

const layoutShape = v.strictObject({
  expires: text,
  functionaries: v.pipe(
    v.record(text, keyShape),
    v.check((all) => Object.keys(all).length <= maxItems, "too many functionaries"),
    v.check(
      (all) => Object.entries(all).every(([id, { keyID }]) => (keyID ?? id) === id),
      "a functionary's keyID is not what it is listed under",
    ),
  ),
  steps: listOf(
    v.strictObject({
      name,
      command: v.nullish(text),
      expectedMaterials: listOf(text),
      expectedProducts: listOf(text),
      expectedPredicates: predicatesShape,
    }),
  ),
  subjects: listOf(
    v.strictObject({
      subject: v.pipe(v.array(text), v.minLength(1), v.maxLength(maxItems)),
      expectedPredicates: predicatesShape,
    }),
  ),
  inspections: listOf(v.looseObject({ name })),
});

/**
 * The layout of a document, with its parameters put in. Unknown fields, a threshold of 0 and functionaries that are not listed
 * are refused: each would let something pass unseen.
 *
 * @throws CustodyError `in-toto/metadata`.
 */
export function parseAttestationLayout(value: unknown, given: Parameters = {}): AttestationLayout {
  const shape = v.safeParse(layoutShape, value);
  if (!shape.success) throw malformed(`${v.getDotPath(shape.issues[0]) ?? "it"}: ${shape.issues[0].message}`);
  const { expires, functionaries, steps, subjects, inspections } = shape.output;
  const parameters = resolveParameters(given);
  const layout: AttestationLayout = {
    expires: parseInstant(expires),
    functionaries: Object.fromEntries(
      Object.entries(functionaries).map(([id, key]) => [id, toLayoutKey(id, key)]),
    ),
    steps: steps.map((step) => ({
      name: step.name,
      expectedMaterials: step.expectedMaterials.map((rule) => toRule(rule, parameters)),
      expectedProducts: step.expectedProducts.map((rule) => toRule(rule, parameters)),
      expectedPredicates: step.expectedPredicates.map((one) => toExpected(one, parameters)),
    })),
    subjects: subjects.map(({ subject, expectedPredicates }) => ({
      patterns: subject.map((pattern) => substitute(pattern, parameters)),
      expectedPredicates: expectedPredicates.map((one) => toExpected(one, parameters)),
    })),
    inspections: inspections.map((inspection) => inspection.name),
  };
  checkNames(layout);
  return layout;
}

function checkNames({ steps, subjects, functionaries }: AttestationLayout): void {
  if (steps.length === 0) throw malformed("steps: without a step nothing is demanded");
  if (new Set(steps.map((step) => step.name)).size < steps.length)
    throw malformed("a step's name stands twice");
  const named = [...steps, ...subjects].flatMap(({ expectedPredicates }) =>
    expectedPredicates.flatMap((expected) => expected.functionaries),
  );
  const unknown = named.find((id) => !Object.hasOwn(functionaries, id));
  if (unknown !== undefined) throw malformed(`"${unknown.slice(0, 100)}" is no functionary of the layout`);
}

function toLayoutKey(keyid: string, { keyType, scheme, keyVal }: v.InferOutput<typeof keyShape>): LayoutKey {
  return { keyid, keytype: keyType, scheme, keyval: { public: keyVal.public, certificate: "" } };
}

function toRule(line: string, parameters: Parameters): ArtifactRule {
  // The words are split before parameters are put in: no value becomes a keyword.
  const words = line
    .trim()
    .split(/\s+/)
    .map((word) => substitute(word, parameters));
  const rule = findArtifactRule(words);
  if (!rule) throw malformed(`"${line.slice(0, 120)}" is not an artifact rule`);
  return rule;
}

function toExpected(
  expected: v.InferOutput<typeof predicateShape>,
  parameters: Parameters,
): ExpectedPredicate {
  const { predicateType, functionaries, threshold, expectedAttributes } = expected;
  const attributes = expectedAttributes.map(({ rule, ...rest }) => ({
    ...rest,
    rule: substituteInCel(rule, parameters),
  }));
  return { predicateType, functionaries, threshold, attributes };
}

function malformed(message: string): Error {
  return inTotoFault("in-toto/metadata", `not an attestation layout: ${message}`);
}
