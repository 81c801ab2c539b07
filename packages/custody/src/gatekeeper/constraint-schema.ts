import type { PlainObject, RegoValue } from "custody/rego";

import type { ConstraintTemplate } from "./template.ts";
import { wildcardPattern } from "./wildcard.ts";

const text: RegoValue = { type: "string" };
const texts = list(text);
const wildcard: RegoValue = { type: "string", pattern: wildcardPattern };

const labelSelector = object({
  matchLabels: { type: "object", additionalProperties: text },
  matchExpressions: list(object({ key: text, operator: text, values: texts }, ["key", "operator"])),
});

const match = object({
  source: { type: "string", enum: ["All", "Generated", "Original"] },
  kinds: list(object({ apiGroups: texts, kinds: texts })),
  scope: text,
  namespaces: list(wildcard),
  excludedNamespaces: list(wildcard),
  labelSelector,
  namespaceSelector: labelSelector,
  name: wildcard,
});

const scopedEnforcementActions = list(
  object({ action: text, enforcementPoints: list(object({ name: text })) }),
);

/** The structural schema of a template's constraints: Gatekeeper's own fields, and the template's parameters. */
export function constraintSchema({ parameters }: Pick<ConstraintTemplate, "parameters">): PlainObject {
  return object({
    apiVersion: text,
    kind: text,
    metadata: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    spec: object({
      match,
      enforcementAction: { type: "string", default: "deny" },
      scopedEnforcementActions,
      ...(parameters !== undefined && { parameters }),
    }),
    status: { "x-kubernetes-preserve-unknown-fields": true },
  });
}

function object(properties: PlainObject, required: readonly string[] = []): PlainObject {
  return { type: "object", properties, ...(required.length > 0 && { required }) };
}

function list(items: RegoValue): RegoValue {
  return { type: "array", items };
}
