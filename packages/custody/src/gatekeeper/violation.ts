import { isObject, objectGet, RegoSet } from "custody/rego";
import type { RegoValue } from "custody/rego";

import { GatekeeperFault } from "./faults.ts";

/** One answer of a template. */
export interface Violation {
  readonly message: string;
  readonly details: RegoValue;
}

/**
 * The violations that a template answers.
 *
 * @throws GatekeeperFault `gatekeeper/answer` for one without a text as `msg`: what a template wanted to refuse must not
 * get lost. (Gatekeeper ignores some of them.)
 */
export function readViolations(answer: RegoValue | undefined): readonly Violation[] {
  if (!(answer instanceof RegoSet)) throw new GatekeeperFault("gatekeeper/answer", "violation is no set");
  return answer.sorted().map(readViolation);
}

function readViolation(value: RegoValue): Violation {
  const message = isObject(value) ? objectGet(value, "msg") : undefined;
  if (!isObject(value) || typeof message !== "string") {
    throw new GatekeeperFault("gatekeeper/answer", "a violation has no msg that is a text", {
      next: 'write violation[{"msg": msg}] with a text as msg',
    });
  }
  return { message, details: objectGet(value, "details") ?? {} };
}
