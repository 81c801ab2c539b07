import { findAddress, mappedValue, unmap } from "./address.ts";
import { firstValue, lastAddress } from "./network.ts";
import type { Network } from "./network.ts";

/** Addresses as numbers of version 6, both ends included. */
interface Range {
  readonly first: bigint;
  readonly last: bigint;
  /** The network that it is, while it has not been merged. */
  readonly network: Network | undefined;
}

/** The networks, with those merged that touch or overlap. */
export function mergeNetworks(networks: readonly Network[]): Network[] {
  const ranges = networks.map(rangeOf).sort(byLastThenFirst);
  for (let i = ranges.length - 1; i > 0; i--) {
    const [lower, upper] = [ranges[i - 1] as Range, ranges[i] as Range];
    if (previous(upper.first) > lower.last) continue;
    const first = lower.first < upper.first ? lower.first : upper.first;
    ranges.splice(i - 1, 2, { first, last: upper.last, network: undefined });
  }
  return ranges.flatMap((range) => (range.network ? [range.network] : networksOf(range)));
}

function rangeOf(network: Network): Range {
  const { version } = network.address;
  return {
    first: mappedValue({ version, value: firstValue(network) }),
    last: mappedValue(lastAddress(network)),
    network,
  };
}

function byLastThenFirst(a: Range, b: Range): number {
  if (a.last !== b.last) return a.last < b.last ? -1 : 1;
  return a.first === b.first ? 0 : a.first < b.first ? -1 : 1;
}

const lowestMapped = 0xffffn << 32n;

/** The address before this one; the lowest of either version has none but itself. */
function previous(value: bigint): bigint {
  return value === 0n || value === lowestMapped ? value : value - 1n;
}

/** The fewest networks that hold just these addresses. */
function networksOf({ first, last }: Range): Network[] {
  const networks: Network[] = [];
  for (let start = first; start <= last;) {
    const bits = hostBits(start, last);
    const address = unmap(start);
    networks.push({ address, prefixLength: (address.version === 4 ? 32 : 128) - bits });
    start += 1n << BigInt(bits);
  }
  return networks;
}

/** Of the largest network that begins here and does not go beyond the last address. */
function hostBits(start: bigint, last: bigint): number {
  let bits = 0;
  const limit = unmap(start).version === 4 ? 32 : 128;
  while (bits < limit) {
    const size = 1n << BigInt(bits + 1);
    if (start % size !== 0n || start + size - 1n > last) break;
    bits++;
  }
  return bits;
}

/** A single address of version 4 with the prefix of its class (RFC 791 §3.2), which is what OPA makes of it. */
export function findClassNetwork(text: string): Network | "needs prefix" | undefined {
  const address = findAddress(text);
  if (!address) return undefined;
  if (address.version === 6) return "needs prefix";
  const leading = address.value >> 24n;
  return { address, prefixLength: leading < 128n ? 8 : leading < 192n ? 16 : 24 };
}
