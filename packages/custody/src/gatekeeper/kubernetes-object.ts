import * as v from "valibot";

import { isObject, objectGet } from "custody/rego";
import type { AnyObject, RegoValue } from "custody/rego";

import { GatekeeperFault } from "./faults.ts";
import { readTexts } from "./fields.ts";
import { parseShape } from "./shape.ts";

/** A Kubernetes object: the whole of it, and what matching asks about. */
export interface KubernetesObject {
  readonly value: AnyObject;
  readonly kind: GroupVersionKind;
  /** Empty where it has none, like the two that follow. */
  readonly name: string;
  readonly generateName: string;
  readonly namespace: string;
  readonly labels: ReadonlyMap<string, string>;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const text = v.nullish(v.string(), "");
const shape = v.object({
  apiVersion: text,
  kind: v.pipe(v.string(), v.nonEmpty("it is empty")),
  metadata: v.nullish(v.object({ name: text, generateName: text, namespace: text }), {}),
});

/** @throws GatekeeperFault `gatekeeper/object` for what has no kind, or metadata of another shape. */
export function parseKubernetesObject(value: RegoValue): KubernetesObject {
  const subject = { code: "gatekeeper/object", what: "a Kubernetes object" } as const;
  const { apiVersion, kind, metadata } = parseShape(shape, value, subject);
  if (!isObject(value)) throw new GatekeeperFault(subject.code, `${subject.what} is an object`);
  return { value, kind: { ...parseApiVersion(apiVersion), kind }, ...metadata, labels: labelsOf(value) };
}

/** `apps/v1` is of a group, `v1` is of the core, whose name is empty. */
export function parseApiVersion(apiVersion: string): Omit<GroupVersionKind, "kind"> {
  const slash = apiVersion.indexOf("/");
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}

export function apiVersionOf({ group, version }: GroupVersionKind): string {
  return group === "" ? version : `${group}/${version}`;
}

/** Whether it is a Namespace of the core. */
export function isNamespace({ kind }: KubernetesObject): boolean {
  return kind.kind === "Namespace" && kind.group === "";
}

function labelsOf(value: AnyObject): ReadonlyMap<string, string> {
  const metadata = objectGet(value, "metadata") ?? null;
  const labels = isObject(metadata) ? objectGet(metadata, "labels") : null;
  return readTexts(labels, { code: "gatekeeper/object", what: "a Kubernetes object: metadata.labels" });
}
