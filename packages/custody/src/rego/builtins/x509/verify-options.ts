import { findInt64, isArray, isNumber, isSet, objectEntries } from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";

/** What a chain of certificates must satisfy. */
export interface VerifyOptions {
  readonly dnsName: string;
  readonly timeNanoseconds: bigint | undefined;
  /** Go's numbers of extended key usages; one of them is enough. */
  readonly usages: readonly number[];
}

/** Go's default: certificates of servers. */
const serverAuthentication = 1;

export const defaultOptions: VerifyOptions = {
  dnsName: "",
  timeNanoseconds: undefined,
  usages: [serverAuthentication],
};

const usageNames = (
  "Any ServerAuth ClientAuth CodeSigning EmailProtection IPSECEndSystem IPSECTunnel IPSECUser TimeStamping " +
  "OCSPSigning MicrosoftServerGatedCrypto NetscapeServerGatedCrypto MicrosoftCommercialCodeSigning " +
  "MicrosoftKernelCodeSigning"
)
  .split(" ")
  .map((name) => `KeyUsage${name}`);

/** @throws BuiltinError */
export function parseOptions(operand: AnyObject): VerifyOptions {
  const given = objectEntries(operand).flatMap(([name, value]) =>
    typeof name === "string" ? [parseOption(name, value)] : [],
  );
  return Object.assign({}, defaultOptions, ...given) as VerifyOptions;
}

function parseOption(name: string, value: RegoValue): Partial<VerifyOptions> {
  switch (name) {
    case "DNSName":
      if (typeof value !== "string") throw new BuiltinError("'DNSName' should be a string");
      return { dnsName: trimQuotes(value) };
    case "CurrentTime":
      return { timeNanoseconds: integerOption(name, value, "int64 ") };
    case "MaxConstraintComparisons":
      integerOption(name, value, "");
      return {};
    case "KeyUsages":
      return usageOption(value);
    default:
      throw new BuiltinError("invalid key option");
  }
}

function integerOption(name: string, value: RegoValue, kind: string): bigint {
  if (!isNumber(value)) throw new BuiltinError(`'${name}' should be a number`);
  const integer = findInt64(value);
  if (integer === undefined) throw new BuiltinError(`'${name}' should be a valid ${kind}number`);
  return integer;
}

function usageOption(value: RegoValue): Partial<VerifyOptions> {
  const members = isArray(value) ? value : isSet(value) ? value.sorted() : undefined;
  if (!members) throw new BuiltinError("'KeyUsages' should be an Array or Set");
  const names = members.filter((member) => typeof member === "string").map(trimQuotes);
  const invalid = names.filter((name) => !usageNames.includes(name));
  if (invalid.length > 0)
    throw new BuiltinError(`invalid entries for 'KeyUsages' found: [${invalid.join(" ")}]`);
  return names.length > 0 ? { usages: names.map((name) => usageNames.indexOf(name)) } : {};
}

function trimQuotes(text: string): string {
  return text.replace(/^"+/, "").replace(/"+$/, "");
}
