import { types } from "../../types.ts";
import { RegoSet } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { stringOperand } from "../operands.ts";
import { addressText, findAddress } from "./address.ts";

/** The addresses of a name; within one evaluation a name keeps them. An address is its own. */
export const lookupBuiltin: Builtin = {
  name: "net.lookup_ip_addr",
  args: [types.string],
  result: types.setOf(types.string),
  nondeterministic: true,
  evaluate: (context, name) => lookup(context, stringOperand(name, 1)),
};

function lookup({ host, memo }: BuiltinContext, name: string): RegoSet {
  const address = findAddress(name);
  if (address) return new RegoSet([addressText(address)]);
  const key = `net.lookup_ip_addr ${name}`;
  const known = memo.get(key);
  if (known) return known as RegoSet;
  if (!host.lookupAddresses) throw new BuiltinError(`lookup ${name}: name resolution is not allowed`);
  const addresses = new RegoSet(host.lookupAddresses(name));
  memo.set(key, addresses);
  return addresses;
}
