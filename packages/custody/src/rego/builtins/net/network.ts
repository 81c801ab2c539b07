import { BuiltinError } from "../builtin.ts";
import { addressText, findAddress, mappedValue, unmap } from "./address.ts";
import type { Address } from "./address.ts";

/** A block of addresses (RFC 4632 §3.1). */
export interface Network {
  readonly address: Address;
  readonly prefixLength: number;
}

/**
 * The network that a text is: `10.0.0.0/8`. Bits behind the prefix are cleared.
 *
 * @throws BuiltinError
 */
export function parseNetwork(text: string): Network {
  const network = findNetwork(text);
  if (network) return network;
  throw new BuiltinError(`invalid CIDR address: ${text}`);
}

export function findNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const written = slash < 0 ? "" : text.slice(0, slash);
  const digits = text.slice(slash + 1);
  const address = findAddress(written);
  if (!address || !/^\d{1,9}$/.test(digits)) return undefined;
  const bits = written.includes(":") ? 128 : 32;
  if (Number(digits) > bits) return undefined;
  return maskedNetwork(address, Number(digits) + (128 - bits));
}

/** @param prefixLength among the 128 bits of version 6. */
function maskedNetwork(address: Address, prefixLength: number): Network {
  const hostBits = BigInt(128 - prefixLength);
  const masked = (mappedValue(address) >> hostBits) << hostBits;
  const start =
    address.version === 4 && prefixLength >= 96 ? unmap(masked) : ({ version: 6, value: masked } as const);
  return { address: start, prefixLength: start.version === 4 ? prefixLength - 96 : prefixLength };
}

export function contains(network: Network, address: Address): boolean {
  return (
    network.address.version === address.version &&
    address.value >= firstValue(network) &&
    address.value <= lastAddress(network).value
  );
}

export function lastAddress(network: Network): Address {
  return { version: network.address.version, value: firstValue(network) + sizeOf(network) - 1n };
}

/** How many addresses there are. */
export function sizeOf({ address, prefixLength }: Network): bigint {
  return 1n << BigInt((address.version === 4 ? 32 : 128) - prefixLength);
}

/** The lowest address; the network may be written with a higher one. */
export function firstValue(network: Network): bigint {
  return network.address.value & -sizeOf(network);
}

export function networkText({ address, prefixLength }: Network): string {
  return `${addressText(address)}/${prefixLength}`;
}
