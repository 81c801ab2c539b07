import { types } from "../../types.ts";
import { isArray, isObject, isSet, objectEntries, RegoSet } from "../../values/index.ts";
import type { Entry, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { cidrContains } from "./contains.ts";

const { any, anyOf, array, arrayOf, objectOf, setOf, string } = types;

const cidr = anyOf(string, arrayOf(any));
const cidrs = anyOf(string, arrayOf(cidr), objectOf(string, cidr), setOf(cidr));

/** The pairs of a network and what it contains, each named by where it stands in its operand. */
export const cidrMatchesBuiltin: Builtin = {
  name: "net.cidr_contains_matches",
  args: [cidrs, cidrs],
  result: setOf(array([any, any])),
  evaluate: containsMatches,
};

function containsMatches(context: BuiltinContext, networks: RegoValue, others: RegoValue): RegoSet {
  const matches = new RegoSet();
  for (const [name, member] of namedMembers(networks)) {
    const network = cidrOf(member, 1);
    for (const [otherName, otherMember] of namedMembers(others)) {
      context.spend(1);
      if (cidrContains(network, cidrOf(otherMember, 2))) matches.add([name, otherName]);
    }
  }
  return matches;
}

/** Index and member of an array, key and value of an object; a set's members and a string name themselves. */
function namedMembers(operand: RegoValue): readonly Entry[] {
  if (typeof operand === "string") return [[operand, [operand]]];
  if (isArray(operand)) return operand.map((member, i) => [i, member]);
  if (isSet(operand)) return operand.sorted().map((member) => [member, member]);
  return isObject(operand) ? objectEntries(operand) : [];
}

function cidrOf(member: RegoValue, position: number): RegoValue {
  const cidr = isArray(member) ? member[0] : member;
  if (cidr !== undefined && (isArray(member) || typeof member === "string")) return cidr;
  throw new BuiltinError(`operand ${position}: element must be string or non-empty array`);
}
