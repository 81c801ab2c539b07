import { GatekeeperFault } from "./faults.ts";
import { isNamespace } from "./kubernetes-object.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { selectsLabels } from "./label-selector.ts";
import type { LabelSelector } from "./label-selector.ts";
import { matchesGeneratedName, matchesWildcard } from "./wildcard.ts";

/** Which objects a constraint is for (`spec.match`): those that fit everything it says. */
export interface Match {
  readonly kinds: readonly KindSelector[];
  readonly scope: string;
  readonly namespaces: readonly string[];
  readonly excludedNamespaces: readonly string[];
  readonly labelSelector: LabelSelector | undefined;
  readonly namespaceSelector: LabelSelector | undefined;
  /** Empty for any. */
  readonly name: string;
  readonly source: "All" | ObjectSource;
}

/** `Generated` is what an expansion made. */
export type ObjectSource = "Generated" | "Original";

interface KindSelector {
  readonly apiGroups: readonly string[];
  readonly kinds: readonly string[];
}

/** What is matched. */
export interface Candidate {
  readonly object: KubernetesObject;
  /** The object's Namespace, where it has one and it is at hand. */
  readonly namespace: KubernetesObject | undefined;
  readonly source: ObjectSource;
}

const criteria: readonly ((match: Match, candidate: Candidate) => boolean)[] = [
  fitsKinds,
  fitsScope,
  fitsNamespaces,
  isNotExcluded,
  fitsLabels,
  fitsNamespaceLabels,
  fitsName,
  ({ source }, candidate) => source === "All" || source === candidate.source,
];

/** @throws GatekeeperFault `gatekeeper/namespace` where it depends on a Namespace that is not at hand. */
export function matchesObject(match: Match, candidate: Candidate): boolean {
  return criteria.every((fits) => fits(match, candidate));
}

function fitsKinds({ kinds }: Match, { object: { kind } }: Candidate): boolean {
  const fits = (names: readonly string[], name: string): boolean =>
    names.length === 0 || names.includes("*") || names.includes(name);
  return (
    kinds.length === 0 || kinds.some((one) => fits(one.kinds, kind.kind) && fits(one.apiGroups, kind.group))
  );
}

function fitsScope({ scope }: Match, { object, namespace }: Candidate): boolean {
  const isNamespaced = !isNamespace(object) && (object.namespace !== "" || namespace !== undefined);
  if (scope === "Cluster") return !isNamespaced;
  return scope !== "Namespaced" || isNamespaced;
}

function fitsNamespaces({ namespaces }: Match, candidate: Candidate): boolean {
  const name = namespaceName(candidate);
  return namespaces.length === 0 || name === "" || namespaces.some((one) => matchesWildcard(one, name));
}

function isNotExcluded({ excludedNamespaces }: Match, candidate: Candidate): boolean {
  const name = namespaceName(candidate);
  return name === "" || !excludedNamespaces.some((one) => matchesWildcard(one, name));
}

/** Empty for what is in none: only namespaced objects, and Namespaces, can be chosen by it. */
function namespaceName({ object, namespace }: Candidate): string {
  return isNamespace(object) ? object.name : (namespace?.name ?? object.namespace);
}

function fitsLabels({ labelSelector }: Match, { object }: Candidate): boolean {
  return labelSelector === undefined || selectsLabels(labelSelector, object.labels);
}

function fitsNamespaceLabels({ namespaceSelector }: Match, { object, namespace }: Candidate): boolean {
  if (namespaceSelector === undefined) return true;
  if (isNamespace(object)) return selectsLabels(namespaceSelector, object.labels);
  if (namespace) return selectsLabels(namespaceSelector, namespace.labels);
  if (object.namespace === "") return true;
  throw new GatekeeperFault(
    "gatekeeper/namespace",
    `the namespace selector needs the Namespace ${object.namespace}, which is not at hand`,
    { subject: object.namespace, next: "give the Namespace with the objects that may be referred to" },
  );
}

function fitsName({ name }: Match, { object }: Candidate): boolean {
  return name === "" || matchesWildcard(name, object.name) || matchesGeneratedName(name, object.generateName);
}
