import { statementType } from "custody/evidence";
import type { Json } from "custody/ground";
import { parseJson } from "custody/ground";
import * as v from "valibot";

import type { Artifacts, LinkArtifacts } from "../artifact-rules.ts";
import { inTotoFault } from "../faults.ts";

/** What somebody signed, as the rules of a layout see it. */
export interface ClaimStatement {
  readonly subject: readonly Resource[];
  readonly predicateType: string;
  readonly predicate: Readonly<Record<string, Json>>;
}

interface Resource {
  readonly name: string;
  readonly uri: string;
  readonly digest: Readonly<Record<string, string>>;
}

const maxBytes = 16 * 1024 * 1024;
const maxResources = 10_000;

const text = v.pipe(v.string(), v.maxLength(4096));
const resource = v.object({
  name: v.nullish(text, ""),
  uri: v.nullish(text, ""),
  digest: v.nullish(v.record(v.string(), v.pipe(v.string(), v.maxLength(512))), {}),
});
const resources = v.nullish(v.pipe(v.array(resource), v.maxLength(maxResources)), []);
const types = v.picklist([statementType, "https://in-toto.io/Statement/v0.1"]);

const statementShape = v.pipe(
  v.object({
    // Protocol buffers' JSON may call the field by either of its names, and the reference's own data does.
    _type: v.nullish(types),
    type: v.nullish(types),
    subject: v.pipe(v.array(resource), v.minLength(1), v.maxLength(maxResources)),
    predicateType: v.pipe(text, v.minLength(1)),
    predicate: v.nullish(v.record(v.string(), v.unknown()), {}),
  }),
  v.check(
    ({ _type, type }) => (_type ?? type) !== undefined && (_type ?? type) === (type ?? _type),
    "no statement",
  ),
);

const linkShape = v.object({ name: v.nullish(text), materials: resources });
const provenanceShape = v.object({ buildDefinition: v.object({ resolvedDependencies: resources }) });
const provenanceV02Shape = v.object({ materials: resources });

/** @throws CustodyError `in-toto/metadata`, `json/…`. */
export function parseClaimStatement(payload: Uint8Array): ClaimStatement {
  const { subject, predicateType, predicate } = parse(
    statementShape,
    parseJson(payload, { sizeBytes: maxBytes }),
    "a statement",
  );
  return { subject, predicateType, predicate: predicate as ClaimStatement["predicate"] };
}

/** The step that a link says it is of; no other type has such a field of its own. */
export function findNamedStep({ predicateType, predicate }: ClaimStatement): string | undefined {
  return isLink(predicateType) ? (parse(linkShape, predicate, "a link").name ?? undefined) : undefined;
}

/**
 * What a statement says went in and came out: of links and SLSA provenance the subjects came out, and of every other type they
 * are what was looked at.
 *
 * @throws CustodyError `in-toto/metadata`.
 */
export function artifactsOfClaim({ subject, predicateType, predicate }: ClaimStatement): LinkArtifacts {
  const products = toArtifacts(subject);
  if (isLink(predicateType))
    return { materials: toArtifacts(parse(linkShape, predicate, "a link").materials), products };
  if (predicateType === "https://slsa.dev/provenance/v1") {
    const { buildDefinition } = parse(provenanceShape, predicate, "SLSA provenance");
    return { materials: toArtifacts(buildDefinition.resolvedDependencies), products };
  }
  if (predicateType === "https://slsa.dev/provenance/v0.2") {
    return {
      materials: toArtifacts(parse(provenanceV02Shape, predicate, "SLSA provenance").materials),
      products,
    };
  }
  return { materials: products, products: {} };
}

function isLink(predicateType: string): boolean {
  return predicateType === "https://in-toto.io/attestation/link/v0.3";
}

/** Of two with one name, nobody can say which is meant: neither is the same as anything. */
function toArtifacts(all: readonly Resource[]): Artifacts {
  return mergeArtifacts(all.map(({ name, uri, digest }) => ({ [name === "" ? uri : name]: digest })));
}

/** Several lists as one; where they know a path by other digests, it is there and the same as nothing. */
export function mergeArtifacts(lists: readonly Artifacts[]): Artifacts {
  const merged = new Map<string, Artifacts[string]>();
  for (const [path, digests] of lists.flatMap((list) => Object.entries(list))) {
    const known = merged.get(path);
    merged.set(path, known === undefined || isSame(known, digests) ? digests : {});
  }
  return Object.fromEntries(merged);
}

function isSame(a: Artifacts[string], b: Artifacts[string]): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function parse<const Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  what: string,
): v.InferOutput<Schema> {
  const shape = v.safeParse(schema, value);
  if (shape.success) return shape.output;
  const [issue] = shape.issues;
  const path = v.getDotPath(issue) ?? "it";
  throw inTotoFault("in-toto/metadata", `not ${what} of an in-toto attestation: ${path}: ${issue.message}`);
}
