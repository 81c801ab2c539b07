import * as v from "valibot";

import { isObject, objectOf } from "custody/rego";
import type { AnyObject, RegoValue } from "custody/rego";

import { GatekeeperFault } from "./faults.ts";
import { parseKubernetesObject } from "./kubernetes-object.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import type { ObjectSource } from "./match.ts";
import { parseShape } from "./shape.ts";

/** What is reviewed: what templates see as `input.review`, and the objects that are matched. */
export interface Review {
  readonly document: AnyObject;
  /** The new object and the old one, as far as there are such. */
  readonly objects: readonly KubernetesObject[];
  /** The name of their Namespace, or empty. */
  readonly namespace: string;
  /** `CREATE`, `UPDATE`, `DELETE`, `CONNECT`, or empty where nothing is done to the object. */
  readonly operation: string;
  readonly source: ObjectSource;
}

/** The review of an object that is only looked at: a file, or what a cluster has. */
export function reviewOfObject(value: RegoValue, source: ObjectSource = "Original"): Review {
  const object = parseKubernetesObject(value);
  const { kind, name, namespace } = object;
  const document = {
    uid: "",
    kind: { ...kind },
    resource: { group: "", version: "", resource: "" },
    ...(name !== "" && { name }),
    ...(namespace !== "" && { namespace }),
    operation: "",
    userInfo: {},
    object: value,
    oldObject: null,
    options: null,
  };
  return { document, objects: [object], namespace, operation: "", source };
}

const request = v.object({
  uid: v.nullish(v.string(), ""),
  namespace: v.nullish(v.string(), ""),
  operation: v.nullish(v.picklist(["CREATE", "UPDATE", "DELETE", "CONNECT", ""]), ""),
  object: v.nullish(v.unknown(), null),
  oldObject: v.nullish(v.unknown(), null),
});

/**
 * The review of an admission request (`request` of an AdmissionReview). What is deleted is both old and new object, as
 * Gatekeeper has it.
 *
 * @throws GatekeeperFault `gatekeeper/review` for a request of another shape, `gatekeeper/object` for its objects.
 */
export function reviewOfRequest(value: RegoValue): Review {
  const subject = { code: "gatekeeper/review", what: "an admission request" } as const;
  const { namespace, operation, ...parsed } = parseShape(request, value, subject);
  const [object, oldObject] = [parsed.object as RegoValue, parsed.oldObject as RegoValue];
  if (operation === "DELETE" && oldObject === null)
    throw new GatekeeperFault(subject.code, "a request to delete has no oldObject");
  const reviewed = operation === "DELETE" ? oldObject : object;
  const objects = [reviewed, oldObject].filter((one) => one !== null).map(parseKubernetesObject);
  if (objects.length === 0 || !isObject(value))
    throw new GatekeeperFault(subject.code, "an admission request has neither object nor oldObject");
  const document = objectOf([...Object.entries(value as Record<string, RegoValue>), ["object", reviewed]]);
  return { document, objects, namespace, operation, source: "Original" };
}
