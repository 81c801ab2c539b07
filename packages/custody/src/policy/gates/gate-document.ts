import type { Reason } from "custody/ground";
import { isObject, isSet, objectGet } from "custody/rego/values";
import type { RegoValue } from "custody/rego/values";

/** What one policy says at a gate; it allows when it gives no reason. */
export interface GateDocument {
  readonly deny: readonly Reason[];
  readonly undecided: readonly Reason[];
}

/** Custody's own answer: what neither allows nor says why not is not decided. */
export function readGateDocument(gate: string, document: RegoValue | undefined): GateDocument {
  const deny = reasonsOf(memberOf(document, "deny"));
  const undecided = reasonsOf(memberOf(document, "undecided"));
  if (deny.length > 0 || undecided.length > 0 || memberOf(document, "allow") === true)
    return { deny, undecided };
  const message = "the gate does not allow it, and gives no reason";
  return { deny: [], undecided: [{ code: "gate/unreasoned", subject: gate, message }] };
}

function memberOf(document: RegoValue | undefined, name: string): RegoValue | undefined {
  return document !== undefined && isObject(document) ? objectGet(document, name) : undefined;
}

function reasonsOf(set: RegoValue | undefined): Reason[] {
  return set !== undefined && isSet(set) ? set.sorted().map(toReason) : [];
}

function toReason(value: RegoValue): Reason {
  const text = (name: string): string => {
    const found = memberOf(value, name);
    return typeof found === "string" ? found : "";
  };
  return { code: text("code"), subject: text("subject"), message: text("message") };
}
