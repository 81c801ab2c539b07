import { concatBytes, DerReader, derTags, equalBytes } from "custody/ground";
import type { Bytes } from "custody/ground";

import { numberText } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext } from "../builtin.ts";
import { currentTime } from "../time/now.ts";
import type { Certificate } from "./certificate.ts";
import {
  alternativeNames,
  basicConstraints,
  extendedUsages,
  keyUsage,
  unhandledCritical,
} from "./extensions.ts";
import { orMalformed } from "./source.ts";
import type { VerifyOptions } from "./verify-options.ts";

const chainLimit = 16;
const certificateSigning = 1 << 5;
const anyUsage = 0;

/**
 * The chain from the last certificate, the leaf, to the first, which is trusted; undefined when there is none
 * (RFC 5280 §6.1, as far as Go checks it; constraints of names are refused instead of applied).
 */
export function findChain(
  context: BuiltinContext,
  certificates: readonly Certificate[],
  options: VerifyOptions,
): readonly Certificate[] | undefined {
  const [root, ...others] = certificates;
  const leaf = others.pop();
  if (!root || !leaf) return undefined;
  const now = options.timeNanoseconds ?? BigInt(numberText(currentTime(context)));
  const usable = (certificate: Certificate): boolean =>
    isCurrent(certificate, now) && isUnderstood(certificate);
  const extend = (chain: readonly Certificate[]): readonly Certificate[] | undefined => {
    const last = chain.at(-1) as Certificate;
    if (chain.length > chainLimit) return undefined;
    if (isIssuer(context, root, last, chain.length - 1) && usable(root)) return [...chain, root];
    for (const next of others) {
      if (chain.includes(next) || !usable(next) || !isIssuer(context, next, last, chain.length - 1)) continue;
      const whole = extend([...chain, next]);
      if (whole) return whole;
    }
    return undefined;
  };
  const acceptable = usable(leaf) && isFor(leaf, options.dnsName);
  const chain = acceptable ? (equalBytes(root.raw, leaf.raw) ? [leaf] : extend([leaf])) : undefined;
  return chain && allows(chain, options.usages) ? chain : undefined;
}

function isCurrent({ notBefore, notAfter }: Certificate, now: bigint): boolean {
  return BigInt(notBefore) * 1_000_000n <= now && now <= BigInt(notAfter) * 1_000_000n;
}

function isUnderstood({ extensions }: Certificate): boolean {
  return unhandledCritical(extensions).length === 0;
}

/** True when the first one may sign certificates, with so many between it and the leaf, and signed the second. */
function isIssuer(
  ...[context, issuer, certificate, between]: readonly [BuiltinContext, Certificate, Certificate, number]
): boolean {
  if (!equalBytes(issuer.subject.whole, certificate.issuer.whole)) return false;
  const { valid, isCa, maxPathLength } = basicConstraints(issuer.extensions);
  if (issuer.version === 3 && !(valid && isCa)) return false;
  const usage = keyUsage(issuer.extensions);
  if (usage !== 0 && (usage & certificateSigning) === 0) return false;
  if (valid && maxPathLength >= 0 && between > maxPathLength) return false;
  return hasSigned(context, issuer, certificate);
}

function hasSigned(
  { host }: BuiltinContext,
  issuer: Certificate,
  { algorithm, signature, signed }: Certificate,
): boolean {
  if (!host.crypto) throw new BuiltinError("no cryptography for public keys");
  if (algorithm.name === "") return false;
  const bytes = algorithm.name.startsWith("ES") ? sideBySide(signature, issuer) : signature;
  return host.crypto.verify(algorithm.name, issuer.spki, bytes, signed);
}

/** An ECDSA signature in JWA's form, each half as long as the key's coordinates. */
function sideBySide(signature: Bytes, { spki }: Certificate): Bytes {
  return orMalformed("signature", () => {
    const key = new DerReader(spki).enter(derTags.sequence);
    key.read(derTags.sequence);
    const size = (key.read(derTags.bitString).content.length - 2) / 2;
    const halves = new DerReader(signature).enter(derTags.sequence).rest();
    return concatBytes(...halves.map(({ content }) => fit(content, size)));
  });
}

function fit(integer: Uint8Array, size: number): Bytes {
  const digits = integer.subarray(Math.max(integer.length - size, 0));
  return concatBytes(new Uint8Array(size - digits.length), digits);
}

function isFor({ extensions }: Certificate, dnsName: string): boolean {
  if (dnsName === "") return true;
  const { DNSNames } = alternativeNames(extensions);
  const names = Array.isArray(DNSNames) ? (DNSNames as readonly string[]) : [];
  const wanted = dnsName.toLowerCase().replace(/\.$/, "");
  return names.some((name) => matches(name.toLowerCase(), wanted));
}

/** RFC 6125 §6.4.3: a star stands for the whole first label. */
function matches(pattern: string, name: string): boolean {
  return pattern === name || (pattern.startsWith("*.") && name.replace(/^[^.]+/, "*") === pattern);
}

/** True when every certificate that limits its usages has one in common with all others and with what is asked. */
function allows(chain: readonly Certificate[], wanted: readonly number[]): boolean {
  if (wanted.includes(anyUsage)) return true;
  return wanted.some((usage) =>
    chain.every(({ extensions }) => {
      const { known, unknown } = extendedUsages(extensions);
      return known.length + unknown.length === 0 || known.includes(usage) || known.includes(anyUsage);
    }),
  );
}
