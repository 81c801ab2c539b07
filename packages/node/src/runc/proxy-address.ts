import { lookup } from "node:dns/promises";
import { BlockList, connect, isIPv6 } from "node:net";
import type { Socket } from "node:net";
import { networkInterfaces } from "node:os";

/** Opens a connection to a listed host; the one place where a step's traffic meets the outside. */
export type Dial = (host: string, port: number) => Promise<Socket>;

/** A host that resolves to an address which is not of the public Internet. */
export class PrivateAddressError extends Error {
  override readonly name = "PrivateAddressError";
}

const connectTimeoutMilliseconds = 15_000;

const privateRanges: readonly (readonly [string, number, "ipv4" | "ipv6"])[] = [
  ["0.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.0.0.0", 24, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["198.18.0.0", 15, "ipv4"],
  ["224.0.0.0", 3, "ipv4"],
  ["::", 127, "ipv6"],
  ["64:ff9b::", 96, "ipv6"],
  ["64:ff9b:1::", 48, "ipv6"],
  ["2002::", 16, "ipv6"],
  ["fc00::", 7, "ipv6"],
  ["fe80::", 10, "ipv6"],
  ["ff00::", 8, "ipv6"],
];

/**
 * Connects to a host of the public Internet, to the very address that was looked up and checked.
 *
 * @throws PrivateAddressError for loopback, link-local, private and multicast addresses and this host's own.
 */
export async function dialPublic(host: string, port: number): Promise<Socket> {
  const { address } = await lookup(host);
  if (isPrivateAddress(address)) throw new PrivateAddressError(`${host} is ${address}`);
  return openSocket(address, port);
}

export function isPrivateAddress(address: string): boolean {
  const blocked = new BlockList();
  for (const [network, prefix, family] of privateRanges) blocked.addSubnet(network, prefix, family);
  for (const own of Object.values(networkInterfaces()).flat()) {
    if (own) blocked.addAddress(own.address, own.family === "IPv6" ? "ipv6" : "ipv4");
  }
  // BlockList holds an IPv4 address in IPv6 form (::ffff:0:0/96) against the IPv4 rules itself.
  return blocked.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

function openSocket(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    socket.setTimeout(connectTimeoutMilliseconds, () =>
      socket.destroy(new Error("the connection timed out")),
    );
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}
