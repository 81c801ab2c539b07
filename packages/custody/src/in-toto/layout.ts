import { findArtifactRule } from "custody/evidence";
import type { ArtifactRule } from "custody/evidence";
import type { Json } from "custody/ground";
import { parseInstant } from "custody/ground";
import type { Instant } from "custody/ground";
import * as v from "valibot";

import type { LinkArtifacts } from "./artifact-rules.ts";
import { inTotoFault } from "./faults.ts";
import { layoutKeyShape } from "./keys.ts";
import type { LayoutKey } from "./keys.ts";

/** A layout: which steps there must be, by whom, and how artifacts flow between them (specification v1.0 §4.3). */
export interface Layout {
  readonly expires: Instant;
  readonly keys: Readonly<Record<string, LayoutKey>>;
  readonly steps: readonly Step[];
  readonly inspections: readonly Inspection[];
  /** Certificates that X.509 functionaries must lead back to, by key id. */
  readonly rootCertificates: Readonly<Record<string, LayoutKey>>;
  readonly intermediateCertificates: Readonly<Record<string, LayoutKey>>;
}

interface Item {
  readonly name: string;
  readonly expectedMaterials: readonly ArtifactRule[];
  readonly expectedProducts: readonly ArtifactRule[];
}

export interface Step extends Item {
  readonly keyids: readonly string[];
  readonly certificateConstraints: readonly CertificateConstraint[];
  readonly threshold: number;
  readonly expectedCommand: readonly string[];
}

export interface Inspection extends Item {
  readonly run: readonly string[];
}

/** Which certificates may sign for a step (ITE-7): a list that is `["*"]` is any, every other is exactly that. */
export interface CertificateConstraint {
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly emails: readonly string[];
  readonly organizations: readonly string[];
  readonly uris: readonly string[];
  /** Key ids of root certificates of the layout. */
  readonly roots: readonly string[];
}

/** What a functionary recorded of a step (§4.4). */
export interface Link extends LinkArtifacts {
  readonly name: string;
  readonly command: readonly string[];
}

const maxItems = 256;
const maxPaths = 200_000;

const name = v.pipe(
  v.string(),
  v.regex(/^[^/\\\0]{1,200}$/, "a name has no slash"),
  v.notValues([".", ".."]),
);
const words = v.pipe(v.array(v.pipe(v.string(), v.maxLength(8192))), v.maxLength(1024));
const rules = v.pipe(v.array(v.pipe(words, v.rawTransform(toRule))), v.maxLength(maxItems));
const texts = v.optional(v.nullable(words), []);
const keys = v.pipe(
  v.record(v.pipe(v.string(), v.maxLength(256)), layoutKeyShape),
  v.check((found) => Object.keys(found).length <= maxItems, "too many keys"),
);
const artifacts = v.pipe(
  v.record(v.pipe(v.string(), v.maxLength(4096)), v.record(v.string(), v.pipe(v.string(), v.maxLength(512)))),
  v.check((found) => Object.keys(found).length <= maxPaths, "too many artifacts"),
);

function toRule({ dataset, addIssue, NEVER }: v.RawTransformContext<string[]>): ArtifactRule {
  const rule = findArtifactRule(dataset.value);
  if (rule) return rule;
  addIssue({ message: `"${dataset.value.join(" ").slice(0, 120)}" is not an artifact rule` });
  return NEVER;
}

const constraintShape = v.object({
  common_name: v.optional(v.string(), ""),
  dns_names: texts,
  emails: texts,
  organizations: texts,
  uris: texts,
  roots: texts,
});

const stepShape = v.object({
  _type: v.literal("step"),
  name,
  pubkeys: v.pipe(v.array(v.string()), v.maxLength(maxItems)),
  cert_constraints: v.optional(v.nullable(v.pipe(v.array(constraintShape), v.maxLength(64))), []),
  // Zero would let a step pass that nobody vouches for.
  threshold: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxItems)),
  expected_command: texts,
  expected_materials: rules,
  expected_products: rules,
});

const inspectionShape = v.object({
  _type: v.literal("inspection"),
  name,
  run: v.pipe(words, v.minLength(1)),
  expected_materials: rules,
  expected_products: rules,
});

const layoutShape = v.pipe(
  v.object({
    _type: v.literal("layout"),
    expires: v.pipe(v.string(), v.regex(/Z$/, "not a time in UTC")),
    keys,
    steps: v.pipe(v.array(stepShape), v.maxLength(maxItems)),
    inspect: v.pipe(v.array(inspectionShape), v.maxLength(maxItems)),
    rootcas: v.optional(keys, {}),
    intermediatecas: v.optional(keys, {}),
  }),
  v.check(
    ({ steps, inspect }) =>
      new Set([...steps, ...inspect].map((item) => item.name)).size === steps.length + inspect.length,
    "a name stands twice",
  ),
);

const linkShape = v.object({
  _type: v.literal("link"),
  name: v.string(),
  materials: artifacts,
  products: artifacts,
  command: texts,
});

/** What the signed part of metadata is. */
export function typeOf(signed: Json): "layout" | "link" | undefined {
  const type =
    typeof signed === "object" && signed !== null && !Array.isArray(signed)
      ? (signed as Record<string, Json>)["_type"]
      : undefined;
  return type === "layout" || type === "link" ? type : undefined;
}

/** @throws CustodyError `in-toto/metadata`, `instant/syntax`. */
export function parseLayout(signed: Json): Layout {
  const { expires, steps, inspect, rootcas, intermediatecas, ...rest } = parse(layoutShape, signed);
  return {
    keys: rest.keys,
    expires: parseInstant(expires),
    steps: steps.map((step) => ({
      ...itemOf(step),
      keyids: step.pubkeys,
      threshold: step.threshold,
      expectedCommand: step.expected_command ?? [],
      certificateConstraints: (step.cert_constraints ?? []).map(toConstraint),
    })),
    inspections: inspect.map((inspection) => ({ ...itemOf(inspection), run: inspection.run })),
    rootCertificates: rootcas,
    intermediateCertificates: intermediatecas,
  };
}

function itemOf(item: {
  name: string;
  expected_materials: ArtifactRule[];
  expected_products: ArtifactRule[];
}): Item {
  return {
    name: item.name,
    expectedMaterials: item.expected_materials,
    expectedProducts: item.expected_products,
  };
}

function toConstraint(shape: v.InferOutput<typeof constraintShape>): CertificateConstraint {
  return {
    commonName: shape.common_name,
    dnsNames: shape.dns_names ?? [],
    emails: shape.emails ?? [],
    organizations: shape.organizations ?? [],
    uris: shape.uris ?? [],
    roots: shape.roots ?? [],
  };
}

/** @throws CustodyError `in-toto/metadata`. */
export function parseLink(signed: Json): Link {
  const { name, materials, products, command } = parse(linkShape, signed);
  return { name, materials, products, command: command ?? [] };
}

function parse<const Schema extends v.GenericSchema>(schema: Schema, value: Json): v.InferOutput<Schema> {
  const shape = v.safeParse(schema, value);
  if (shape.success) return shape.output;
  const [issue] = shape.issues;
  throw inTotoFault(
    "in-toto/metadata",
    `not in-toto metadata: ${v.getDotPath(issue) ?? "it"}: ${issue.message}`,
  );
}
