import * as v from "valibot";

import { isObject, objectGet } from "custody/rego";
import type { AnyObject, RegoValue } from "custody/rego";

import type { AdmissionDecision } from "./admission-decision.ts";
import { GatekeeperFault } from "./faults.ts";
import { parseShape } from "./shape.ts";

/** What an API server asks (`AdmissionReview` of admission.k8s.io, v1 or v1beta1). */
export interface AdmissionReview {
  readonly apiVersion: AdmissionVersion;
  readonly uid: string;
  /** The whole of it: the input of policies. */
  readonly document: AnyObject;
  readonly request: AnyObject;
}

const versions = ["admission.k8s.io/v1", "admission.k8s.io/v1beta1"] as const;

type AdmissionVersion = (typeof versions)[number];

const shape = v.object({
  apiVersion: v.picklist(versions),
  kind: v.literal("AdmissionReview"),
  request: v.object({ uid: v.pipe(v.string(), v.nonEmpty("it is empty"), v.maxLength(256)) }),
});

/** @throws GatekeeperFault `gatekeeper/review`. */
export function parseAdmissionReview(document: RegoValue): AdmissionReview {
  const subject = { code: "gatekeeper/review", what: "an AdmissionReview" } as const;
  const parsed = parseShape(shape, document, subject);
  const request = isObject(document) ? objectGet(document, "request") : undefined;
  if (!isObject(document) || request === undefined || !isObject(request))
    throw new GatekeeperFault(subject.code, `${subject.what} has no request`);
  return { apiVersion: parsed.apiVersion, uid: parsed.request.uid, document, request };
}

/** Whom an answer is for: what could be read of a review that may be none. */
export type AdmissionAddress = Pick<AdmissionReview, "apiVersion" | "uid">;

/** An API server takes an answer only with the version and the uid of what it asked: those are looked for in anything. */
export function addressOf(document: RegoValue): AdmissionAddress {
  const version = isObject(document) ? objectGet(document, "apiVersion") : undefined;
  const request = isObject(document) ? objectGet(document, "request") : undefined;
  const uid = request !== undefined && isObject(request) ? objectGet(request, "uid") : undefined;
  return {
    apiVersion: versions.find((one) => one === version) ?? versions[0],
    uid: typeof uid === "string" ? uid : "",
  };
}

/** The AdmissionReview that answers. */
export function admissionAnswer(
  { apiVersion, uid }: AdmissionAddress,
  decision: AdmissionDecision,
): RegoValue {
  const { allowed, warnings, auditAnnotations } = decision;
  return {
    apiVersion,
    kind: "AdmissionReview",
    response: {
      uid,
      allowed,
      ...(!decision.allowed && { status: { code: decision.code, message: decision.message } }),
      ...(warnings.length > 0 && { warnings }),
      ...(Object.keys(auditAnnotations).length > 0 && { auditAnnotations }),
    },
  };
}
