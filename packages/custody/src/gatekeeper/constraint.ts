import * as v from "valibot";

import { isObject, objectGet, prepareSchema } from "custody/rego";
import type { AnyObject, RegoValue } from "custody/rego";

import { constraintSchema } from "./constraint-schema.ts";
import { parseEnforcement } from "./enforcement.ts";
import type { Enforcement } from "./enforcement.ts";
import { GatekeeperFault } from "./faults.ts";
import { parseLabelSelector } from "./label-selector.ts";
import type { Match } from "./match.ts";
import { unknownFields, withDefaults } from "./resource-fields.ts";
import { jsonSchemaOf } from "./schema-as-json.ts";
import { parseShape } from "./shape.ts";

import type { ConstraintTemplate } from "./template.ts";

/** A constraint: which objects it is for, what its template is told, and what is done about a violation. */
export interface Constraint {
  readonly kind: string;
  readonly name: string;
  readonly match: Match;
  /** With the defaults of the template's schema. */
  readonly parameters: RegoValue;
  readonly enforcement: Enforcement;
  /** The whole document, with defaults and without its status. */
  readonly document: AnyObject;
}

/** The group of every constraint. */
export const constraintGroup = "constraints.gatekeeper.sh";

const header = v.object({
  apiVersion: v.picklist([`${constraintGroup}/v1beta1`, `${constraintGroup}/v1alpha1`]),
  kind: v.string(),
  metadata: v.object({
    name: v.pipe(
      v.string(),
      v.maxLength(63),
      v.regex(/^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/, "it is no name: lower-case letters, digits, - and ."),
    ),
  }),
});

const texts = v.nullish(v.array(v.string()), []);
const spec = v.object({
  match: v.nullish(
    v.object({
      kinds: v.nullish(v.array(v.object({ apiGroups: texts, kinds: texts })), []),
      scope: v.nullish(v.string(), "*"),
      namespaces: texts,
      excludedNamespaces: texts,
      labelSelector: v.nullish(v.unknown()),
      namespaceSelector: v.nullish(v.unknown()),
      name: v.nullish(v.string(), ""),
      source: v.nullish(v.picklist(["All", "Generated", "Original"]), "All"),
    }),
    {},
  ),
  parameters: v.nullish(v.unknown(), {}),
});

/** Says what of a constraint its template's schema does not allow. */
export type ConstraintParser = (document: RegoValue) => Constraint;

/**
 * Makes the parser of a template's constraints. It throws GatekeeperFault: `gatekeeper/schema` for what the schema does not
 * allow, `gatekeeper/constraint` for what no schema can say, unknown fields among it.
 */
export function constraintParser(template: ConstraintTemplate): ConstraintParser {
  const schema = constraintSchema(template);
  const findFaults = prepareSchema(jsonSchemaOf(schema));
  return (document) => {
    const what = parseHeader(document, template);
    const faults = findFaults(document).map(({ field, description }) => `${field}: ${description}`);
    if (faults.length > 0) throw new GatekeeperFault("gatekeeper/schema", `${what}: ${faults.join("; ")}`);
    const unknown = unknownFields(schema, document);
    if (unknown.length > 0) {
      throw new GatekeeperFault("gatekeeper/constraint", `${what}: unknown fields: ${unknown.join(", ")}`);
    }
    return constraintOf(withDefaults(schema, document), what);
  };
}

function parseHeader(document: RegoValue, template: ConstraintTemplate): string {
  const subject = { code: "gatekeeper/constraint", what: "a constraint" } as const;
  const { kind, metadata } = parseShape(header, document, subject);
  const what = `constraint ${kind} ${metadata.name}`;
  if (kind !== template.kind)
    throw new GatekeeperFault(subject.code, `${what}: the template is of ${template.kind}`);
  return what;
}

function constraintOf(document: RegoValue, what: string): Constraint {
  const subject = { code: "gatekeeper/constraint", what } as const;
  const { kind, metadata } = parseShape(header, document, subject);
  const found = isObject(document) ? objectGet(document, "spec") : undefined;
  const { match, parameters } = parseShape(spec, found ?? {}, { ...subject, what: `${what}: spec` });
  const { status: _, ...rest } = document as Readonly<Record<string, RegoValue>>;
  return {
    kind,
    name: metadata.name,
    match: {
      ...match,
      labelSelector: selector(match.labelSelector, `${what}: labelSelector`),
      namespaceSelector: selector(match.namespaceSelector, `${what}: namespaceSelector`),
    },
    parameters: parameters as RegoValue,
    enforcement: parseEnforcement(found ?? {}, what),
    document: rest,
  };
}

function selector(value: unknown, what: string): ReturnType<typeof parseLabelSelector> | undefined {
  return value === undefined || value === null ? undefined : parseLabelSelector(value as RegoValue, what);
}
