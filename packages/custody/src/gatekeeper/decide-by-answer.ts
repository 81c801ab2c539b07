import { isArray, isObject, objectGet, RegoSet } from "custody/rego";
import type { AnyObject, RegoValue } from "custody/rego";

import { allowedAdmission, refusedAdmission, withWarnings } from "./admission-decision.ts";
import type { AdmissionDecision } from "./admission-decision.ts";
import { GatekeeperFault } from "./faults.ts";

/**
 * The decision that a policy's document stands for: messages of what is denied (`deny`), `true` or `false` (`allow`), or a whole
 * AdmissionReview (`main` of OPA's tutorial for Kubernetes).
 *
 * @throws GatekeeperFault `gatekeeper/answer` for a document that is undefined or anything else: nothing is allowed by it.
 */
export function decideByAnswer(answer: RegoValue | undefined, uid: string): AdmissionDecision {
  if (answer === undefined) throw malformed("the policy's answer is undefined");
  if (typeof answer === "boolean") {
    return answer ? allowedAdmission : refusedAdmission(403, "the policy does not allow it");
  }
  if (isObject(answer)) return decideByResponse(answer, uid);
  const messages = readMessages(answer);
  return messages.length === 0 ? allowedAdmission : refusedAdmission(403, messages.join("\n"));
}

/**
 * The messages of a set or an array: texts, or objects whose `msg` is one.
 *
 * @throws GatekeeperFault `gatekeeper/answer`.
 */
export function readMessages(answer: RegoValue): readonly string[] {
  const members = answer instanceof RegoSet ? answer.sorted() : answer;
  if (!isArray(members)) throw malformed("the policy's answer is neither messages nor an AdmissionReview");
  return members.map((member) => {
    const message = isObject(member) ? objectGet(member, "msg") : member;
    if (typeof message === "string") return message;
    throw malformed("a message of the policy is no text");
  });
}

function decideByResponse(answer: AnyObject, uid: string): AdmissionDecision {
  const response = objectGet(answer, "response") ?? null;
  if (!isObject(response)) throw malformed("the policy's answer has no response");
  const [allowed, own] = [objectGet(response, "allowed"), objectGet(response, "uid") ?? ""];
  if (typeof allowed !== "boolean") throw malformed("response.allowed is neither true nor false");
  if (own !== "" && own !== uid) throw malformed("response.uid is that of another request");
  if (objectGet(response, "patch") !== undefined)
    throw malformed("response.patch: objects are not changed here");
  const decision = allowed ? allowedAdmission : refusedAdmission(403, messageOf(response));
  return withWarnings(decision, readMessages(objectGet(response, "warnings") ?? []));
}

function messageOf(response: AnyObject): string {
  const status = objectGet(response, "status") ?? null;
  const fields = isObject(status) ? [objectGet(status, "message"), objectGet(status, "reason")] : [];
  const text = fields.find((one) => typeof one === "string" && one !== "");
  return typeof text === "string" ? text : "the policy does not allow it";
}

function malformed(message: string): GatekeeperFault {
  return new GatekeeperFault("gatekeeper/answer", message);
}
