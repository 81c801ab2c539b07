import { concatBytes, parseHex, toBase64, toHex } from "custody/ground";
import type { Bytes } from "custody/ground";

import { numberOfInteger } from "../../values/index.ts";
import type { AnyNumber, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import { encodeBase64 } from "../encoding/base64-codec.ts";
import type { PrivateKey } from "./private-key.ts";
import type { RsaKey } from "./rsa-key.ts";

type EllipticKey = Extract<PrivateKey, { kind: "ec" }>;

/** The key as Go's types show in JSON. */
export function privateKeyValue(key: PrivateKey): RegoValue {
  switch (key.kind) {
    case "rsa":
      return rsaValue(key);
    case "ec": {
      const [x, y] = coordinates(key).map(numberOfBytes) as [AnyNumber, AnyNumber];
      return { Curve: {}, D: numberOfBytes(key.scalar), X: x, Y: y };
    }
    case "ed25519":
      return toBase64(concatBytes(key.secret, key.point));
    default:
      return {};
  }
}

function rsaValue({ n, e, d, p, q, dp, dq, qinv }: RsaKey): RegoValue {
  return {
    N: numberOfInteger(n),
    E: numberOfInteger(e),
    D: numberOfInteger(d),
    Primes: [numberOfInteger(p), numberOfInteger(q)],
    Precomputed: {
      Dp: numberOfInteger(dp),
      Dq: numberOfInteger(dq),
      Qinv: numberOfInteger(qinv),
      CRTValues: [],
    },
  };
}

/**
 * The key as a JWK (RFC 7518 §6, RFC 8037 §2).
 *
 * @throws BuiltinError for a curve that JOSE does not know.
 */
export function privateJwk(key: PrivateKey): RegoValue {
  switch (key.kind) {
    case "rsa":
      return rsaJwk(key);
    case "ec": {
      const [x, y] = coordinates(key).map(unpadded) as [string, string];
      return { kty: "EC", crv: joseCurve(key), d: unpadded(key.scalar), x, y };
    }
    default: {
      const crv = key.kind === "ed25519" ? "Ed25519" : "X25519";
      return { kty: "OKP", crv, d: unpadded(key.secret), x: unpadded(key.point) };
    }
  }
}

function rsaJwk({ n, e, d, p, q, dp, dq, qinv }: RsaKey): RegoValue {
  const numbers = Object.entries({ n, e, d, p, q, dp, dq, qi: qinv });
  return {
    kty: "RSA",
    ...Object.fromEntries(numbers.map(([name, number]) => [name, unpadded(numberBytes(number))])),
  };
}

function joseCurve({ curve: { name } }: EllipticKey): string {
  if (name !== "P-224") return name;
  throw new BuiltinError(
    "failed to initialize *jwk.ecdsaPrivateKey from *ecdsa.PrivateKey: jwk: failed to get algorithm for converting ECDSA private key to JWK: unknown elliptic curve: P-224",
  );
}

function coordinates({ point, curve: { sizeBytes } }: EllipticKey): readonly [Bytes, Bytes] {
  return [point.subarray(1, 1 + sizeBytes), point.subarray(1 + sizeBytes)];
}

function numberOfBytes(bytes: Bytes): AnyNumber {
  return numberOfInteger(BigInt(`0x${toHex(bytes)}`));
}

function numberBytes(number: bigint): Bytes {
  const digits = number.toString(16);
  return parseHex(digits.padStart(digits.length + (digits.length % 2), "0"));
}

function unpadded(bytes: Uint8Array): string {
  return encodeBase64(bytes, "url").replaceAll("=", "");
}
