import { isArray, isNumber, isObject, objectEntries, objectGet, objectOf, RegoSet } from "custody/rego";
import type { AnyObject, RegoValue } from "custody/rego";

import { ConftestFault } from "./faults.ts";
import type { ValuePath } from "./format.ts";

/** One answer of a rule: `deny contains "message"`, or an object with `msg` and whatever else. */
export interface RuleAnswer {
  readonly message: string;
  /** What the object has besides `msg`, `_loc` and `_path`. */
  readonly metadata: AnyObject;
  /** What the rule itself says of the place (`_loc`). */
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** Where in the input the value is that it complains about (`_path`). */
  readonly path: ValuePath | undefined;
}

const reserved = new Set<RegoValue>(["msg", "_loc", "_path"]);

/**
 * The answers of a rule; none for one that is undefined.
 *
 * @throws ConftestFault `conftest/policy` for what is no message: a check that says `true` says nothing, and lost it would let
 * something through.
 */
export function readAnswers(rule: string, value: RegoValue | undefined): readonly RuleAnswer[] {
  if (value === undefined) return [];
  const members = value instanceof RegoSet ? value.sorted() : value;
  if (!isArray(members))
    throw malformed(rule, "is no set of messages", `write ${rule} contains msg if { … }`);
  return members.map((member) => readAnswer(rule, member));
}

function readAnswer(rule: string, member: RegoValue): RuleAnswer {
  if (typeof member === "string") {
    return { message: member, metadata: {}, file: undefined, line: undefined, path: undefined };
  }
  const message = isObject(member) ? objectGet(member, "msg") : undefined;
  if (!isObject(member) || typeof message !== "string") {
    throw malformed(
      rule,
      "has a member that is neither a text nor an object with the text msg",
      "give it a msg",
    );
  }
  return {
    message,
    metadata: objectOf(objectEntries(member).filter(([name]) => !reserved.has(name))),
    ...locationOf(objectGet(member, "_loc") ?? null),
    path: pathOf(objectGet(member, "_path") ?? null),
  };
}

function locationOf(location: RegoValue): Pick<RuleAnswer, "file" | "line"> {
  const [file, line] = isObject(location) ? [objectGet(location, "file"), objectGet(location, "line")] : [];
  return {
    file: typeof file === "string" && file !== "" ? file : undefined,
    line:
      line !== undefined && isNumber(line) && Number.isSafeInteger(line) && Number(line) > 0
        ? Number(line)
        : undefined,
  };
}

function pathOf(path: RegoValue): ValuePath | undefined {
  if (!isArray(path)) return undefined;
  return path.filter((part): part is number | string => typeof part === "string" || typeof part === "number");
}

function malformed(rule: string, reason: string, next: string): ConftestFault {
  return new ConftestFault("conftest/policy", `${rule} ${reason}`, { subject: rule, next });
}
