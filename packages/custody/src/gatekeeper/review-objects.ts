import { isObject, objectGet } from "custody/rego";
import type { RegoValue } from "custody/rego";

import { constraintGroup } from "./constraint.ts";
import { Gatekeeper } from "./gatekeeper.ts";
import type { Finding, GatekeeperOptions, ReviewOptions } from "./gatekeeper.ts";
import { parseApiVersion, parseKubernetesObject } from "./kubernetes-object.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { reviewOfObject } from "./review.ts";
import { templateGroup } from "./template.ts";

/** A finding, and the object that it is about. */
export interface ObjectFinding {
  readonly object: KubernetesObject;
  readonly finding: Finding;
}

/** What documents are to Gatekeeper. */
export type DocumentRole = "constraint" | "object" | "template";

/** What a document is by its apiVersion and kind. */
export function roleOf(document: RegoValue): DocumentRole {
  if (!isObject(document)) return "object";
  const version = objectGet(document, "apiVersion");
  const group = typeof version === "string" ? parseApiVersion(version).group : "";
  if (group === constraintGroup) return "constraint";
  return group === templateGroup && objectGet(document, "kind") === "ConstraintTemplate"
    ? "template"
    : "object";
}

/**
 * Gatekeeper with the templates and the constraints of documents, in any order; each document can be referred to.
 *
 * @throws GatekeeperFault for the first that is refused.
 */
export function openGatekeeper(documents: readonly RegoValue[], options: GatekeeperOptions): Gatekeeper {
  const gatekeeper = new Gatekeeper(options);
  for (const one of documents) if (roleOf(one) === "template") gatekeeper.addTemplate(one);
  for (const one of documents) if (roleOf(one) === "constraint") gatekeeper.addConstraint(one);
  for (const one of documents) gatekeeper.inventory.add(one);
  return gatekeeper;
}

/**
 * Reviews every document against the constraints among them.
 *
 * @throws GatekeeperFault for a document that is refused.
 */
export function reviewObjects(
  documents: readonly RegoValue[],
  options: GatekeeperOptions & ReviewOptions,
): readonly ObjectFinding[] {
  const gatekeeper = openGatekeeper(documents, options);
  return documents.flatMap((one) => {
    const object = parseKubernetesObject(one);
    return gatekeeper.review(reviewOfObject(one), options).map((finding) => ({ object, finding }));
  });
}
