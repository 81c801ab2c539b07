import { parseHex, toHex } from "custody/ground";

import { numberOfInteger } from "../../values/index.ts";
import type { AnyNumber, RegoValue } from "../../values/index.ts";

/** 100-nanosecond steps between the Gregorian calendar's start (RFC 9562 §5.1) and 1970. */
const gregorianSteps = 122_192_928_000_000_000n;

const written =
  /^(?:urn:uuid:|.(?=.{37}$))?([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})(?:(?<=^.{37}).)?$|^([0-9a-f]{32})$/is;

const domains = ["Person", "Group", "Org"];

/** The fields of a UUID (RFC 9562), or undefined. */
export function parseUuid(text: string): RegoValue | undefined {
  const digits = written.exec(text)?.slice(1).join("").toLowerCase();
  if (digits === undefined) return undefined;
  const bytes = parseHex(digits);
  const version = (bytes[6] ?? 0) >> 4;
  const fields = { version, variant: variantOf(bytes[8] ?? 0) };
  if (version !== 1 && version !== 2) return fields;
  const common = { ...fields, ...timeFields(bytes) };
  return version === 1 ? common : { ...common, ...domainFields(bytes) };
}

function variantOf(byte: number): string {
  if (byte >> 6 === 2) return "RFC4122";
  if (byte >> 5 === 6) return "Microsoft";
  return byte >> 5 === 7 ? "Future" : "Reserved";
}

function timeFields(bytes: Uint8Array): Record<string, RegoValue> {
  const node = bytes.subarray(10);
  return {
    time: timeOf(bytes),
    nodeid: Array.from(node, (byte) => toHex(Uint8Array.of(byte))).join("-"),
    macvariables: addressKind(node[0] ?? 0),
    clocksequence: (((bytes[8] ?? 0) << 8) | (bytes[9] ?? 0)) & 0x3fff,
  };
}

/** Nanoseconds since 1970, in 64 bits as OPA counts them. */
function timeOf(bytes: Uint8Array): AnyNumber {
  const view = new DataView(bytes.buffer);
  const high = BigInt(view.getUint16(6) & 0xfff) << 48n;
  const steps = high | (BigInt(view.getUint16(4)) << 32n) | BigInt(view.getUint32(0));
  return numberOfInteger(BigInt.asIntN(64, (steps - gregorianSteps) * 100n));
}

function addressKind(byte: number): string {
  return `${byte & 2 ? "local" : "global"}:${byte & 1 ? "multicast" : "unicast"}`;
}

/** What DCE Security put in place of the low time and the low clock. */
function domainFields(bytes: Uint8Array): Record<string, RegoValue> {
  const domain = bytes[9] ?? 0;
  return {
    id: new DataView(bytes.buffer).getUint32(0),
    domain: domains[domain] ?? `Domain${domain}`,
  };
}
