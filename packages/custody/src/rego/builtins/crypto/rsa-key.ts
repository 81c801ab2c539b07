import { derFault, derSmallInteger, DerReader, derTags, toHex } from "custody/ground";
import type { Bytes, DerValue } from "custody/ground";

import { BuiltinError } from "../builtin.ts";

/** The numbers of an RSA private key with two primes (RFC 8017 §3.2). */
export interface RsaKey {
  readonly kind: "rsa";
  readonly n: bigint;
  readonly e: bigint;
  readonly d: bigint;
  readonly p: bigint;
  readonly q: bigint;
  readonly dp: bigint;
  readonly dq: bigint;
  readonly qinv: bigint;
}

const numberNames = ["n", "e", "d", "p", "q", "dp", "dq", "qinv"] as const;

/** RSAPrivateKey as it stands, unchecked (RFC 8017 appendix A.1.2). */
export interface RsaForm {
  readonly version: number;
  readonly numbers: readonly bigint[];
}

/** @throws CustodyError `der/malformed` */
export function readRsaForm(der: Bytes): RsaForm {
  const reader = new DerReader(der).enter(derTags.sequence);
  const version = derSmallInteger(reader.read(derTags.integer));
  return { version, numbers: numberNames.map(() => signedInteger(reader.read(derTags.integer))) };
}

function signedInteger({ content }: DerValue): bigint {
  if (content.length === 0) throw derFault("an INTEGER is empty");
  return BigInt.asIntN(content.length * 8, BigInt(`0x${toHex(content)}`));
}

/** How long a number of a key may be: checking one takes time with the square of that. */
const sizeLimitBits = 16_384;

/** @throws BuiltinError for numbers that make no key. */
export function rsaKey({ version, numbers }: RsaForm): RsaKey {
  if (version > 1) throw new BuiltinError("x509: unsupported private key version");
  if (version === 1) throw new BuiltinError("x509: RSA keys of more than two primes are not supported");
  if (numbers.some((number) => number <= 0n))
    throw new BuiltinError("x509: private key contains zero or negative value");
  if (numbers.some((number) => number >> BigInt(sizeLimitBits) > 0n))
    throw new BuiltinError("crypto/rsa: key too large");
  const key = Object.fromEntries(numberNames.map((name, i) => [name, numbers[i]])) as Omit<RsaKey, "kind">;
  const fault = findFault(key);
  if (fault !== undefined) throw new BuiltinError(`crypto/rsa: ${fault}`);
  return { kind: "rsa", ...key };
}

function findFault({ n, e, d, p, q, dp, dq, qinv }: Omit<RsaKey, "kind">): string | undefined {
  if (n % 2n === 0n) return "public modulus is even";
  if (e < 2n) return "public exponent too small or negative";
  if (e % 2n === 0n) return "public exponent is even";
  if (p < 3n || q < 3n || p >= n || q >= n) return "invalid prime";
  if (p * q !== n) return "p * q != n";
  if (!isInverse(dp, e, p - 1n) || !isInverse(dq, e, q - 1n)) return "invalid CRT exponent";
  if ((qinv * q) % p !== 1n) return "invalid CRT coefficient";
  if (d % (p - 1n) !== dp) return "d does not match dP";
  return d % (q - 1n) === dq ? undefined : "d does not match dQ";
}

function isInverse(a: bigint, b: bigint, modulus: bigint): boolean {
  return a < modulus && (a * b) % modulus === 1n;
}
