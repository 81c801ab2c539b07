import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import { stringOperand } from "../operands.ts";
import { findAddress } from "./address.ts";
import { contains, findNetwork, lastAddress, parseNetwork } from "./network.ts";

/**
 * True when the network holds the whole other one, or the address.
 *
 * @throws BuiltinError
 */
export function cidrContains(cidr: RegoValue, other: RegoValue): boolean {
  const network = parseNetwork(stringOperand(cidr, 1));
  const text = stringOperand(other, 1);
  const address = findAddress(text);
  if (address) return contains(network, address);
  const inner = findNetwork(text);
  if (!inner) throw new BuiltinError(`not a valid textual representation of an IP address or CIDR: ${text}`);
  return contains(network, inner.address) && contains(network, lastAddress(inner));
}
