import { types } from "../../types.ts";
import { isArray, isSet, RegoSet } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { stringOperand } from "../operands.ts";
import { addressText, findAddress } from "./address.ts";
import { cidrMatchesBuiltin } from "./cidr-matches.ts";
import { cidrContains } from "./contains.ts";
import { findClassNetwork, mergeNetworks } from "./merge.ts";
import { contains, findNetwork, firstValue, networkText, parseNetwork, sizeOf } from "./network.ts";
import type { Network } from "./network.ts";

const { anyOf, arrayOf, boolean, setOf, string } = types;

/** A network with more addresses is not written out. */
const expandLimit = 1n << 22n;

export const cidrBuiltins: readonly Builtin[] = [
  {
    name: "net.cidr_contains",
    args: [string, string],
    result: boolean,
    evaluate: (_, cidr, other) => cidrContains(cidr, other),
  },
  {
    name: "net.cidr_overlap",
    args: [string, string],
    result: boolean,
    deprecated: true,
    evaluate: (_, cidr, other) => cidrContains(cidr, other),
  },
  cidrMatchesBuiltin,
  {
    name: "net.cidr_expand",
    args: [string],
    result: setOf(string),
    evaluate: (context, cidr) => expand(context, parseNetwork(stringOperand(cidr, 1))),
  },
  {
    name: "net.cidr_intersects",
    args: [string, string],
    result: boolean,
    evaluate: (_, a, b) => intersect(parseNetwork(stringOperand(a, 1)), parseNetwork(stringOperand(b, 1))),
  },
  {
    name: "net.cidr_is_valid",
    args: [string],
    result: boolean,
    evaluate: (_, cidr) => typeof cidr === "string" && findNetwork(cidr) !== undefined,
  },
  {
    name: "net.cidr_merge",
    args: [anyOf(arrayOf(anyOf(string)), setOf(string))],
    result: setOf(string),
    evaluate: (context, cidrs) => merge(context, cidrs),
  },
];

function intersect(a: Network, b: Network): boolean {
  return contains(a, b.address) || contains(b, a.address);
}

function expand(context: BuiltinContext, network: Network): RegoSet {
  const size = sizeOf(network);
  if (size > expandLimit) throw new BuiltinError(`network has more than ${expandLimit} addresses`);
  context.spend(Number(size));
  const first = firstValue(network);
  const { version } = network.address;
  const addresses = Array.from({ length: Number(size) }, (_, i) =>
    addressText({ version, value: first + BigInt(i) }),
  );
  return new RegoSet(addresses);
}

function merge(context: BuiltinContext, operand: RegoValue): RegoSet {
  const members = isArray(operand) ? operand : isSet(operand) ? operand.sorted() : undefined;
  if (!members) throw new BuiltinError("operand must be an array");
  context.spend(members.length);
  return new RegoSet(mergeNetworks(members.map(networkOf)).map(networkText));
}

function networkOf(member: RegoValue): Network {
  if (typeof member !== "string") throw new BuiltinError("element must be string");
  if (!findAddress(member)) return parseNetwork(member);
  const network = findClassNetwork(member);
  if (typeof network === "object") return network;
  throw new BuiltinError("IPv6 invalid: needs prefix length");
}
