import { concatBytes } from "custody/ground";
import type { Bytes } from "custody/ground";

import { decodeBase64Url } from "../encoding/base64.ts";
import { bitString, nullValue, objectIdentifier, octetString, sequence, unsigned } from "./der-writer.ts";

/** A key of a token: for a signature, for its check, or a shared secret. Keys are DER. */
export interface TokenKey {
  readonly algorithm: string;
  readonly id: string;
  readonly spki?: Uint8Array;
  readonly pkcs8?: Uint8Array;
  readonly secret?: Uint8Array;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The keys of a JWK or a JWK set (RFC 7517).
 *
 * @throws Error that says what is wrong.
 */
export function parseJwks(value: unknown): readonly TokenKey[] {
  const set = fieldsOf(value);
  const keys = Array.isArray(set["keys"]) ? (set["keys"] as readonly unknown[]) : [value];
  return keys.map((key) => parseJwk(fieldsOf(key)));
}

function fieldsOf(value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Error("a key is a JSON object");
}

function parseJwk(fields: Fields): TokenKey {
  const named = { algorithm: textField(fields, "alg"), id: textField(fields, "kid") };
  switch (fields["kty"]) {
    case "oct":
      return { ...named, secret: bytesField(fields, "k") };
    case "RSA":
      return { ...named, ...rsaKey(fields) };
    case "EC":
      return { ...named, ...ellipticKey(fields) };
    case "OKP":
      return { ...named, ...edwardsKey(fields) };
    default:
      throw new Error(`invalid key type from JSON (${textField(fields, "kty")})`);
  }
}

type Material = Pick<TokenKey, "spki" | "pkcs8">;

const version0 = unsigned(Uint8Array.of(0));

/** RFC 7518 §6.3, RFC 8017 appendix A.1. */
function rsaKey(fields: Fields): Material {
  const algorithm = sequence(objectIdentifier("1.2.840.113549.1.1.1"), nullValue());
  const [n, e] = ["n", "e"].map((name) => unsigned(bytesField(fields, name))) as [Bytes, Bytes];
  const spki = sequence(algorithm, bitString(sequence(n, e)));
  if (fields["d"] === undefined) return { spki };
  const rest = ["d", "p", "q", "dp", "dq", "qi"].map((name) => unsigned(bytesField(fields, name)));
  return { spki, pkcs8: sequence(version0, algorithm, octetString(sequence(version0, n, e, ...rest))) };
}

const curves: Readonly<Record<string, { readonly oid: string; readonly sizeBytes: number }>> = {
  "P-256": { oid: "1.2.840.10045.3.1.7", sizeBytes: 32 },
  "P-384": { oid: "1.3.132.0.34", sizeBytes: 48 },
  "P-521": { oid: "1.3.132.0.35", sizeBytes: 66 },
};

/** RFC 7518 §6.2, RFC 5915 §3. */
function ellipticKey(fields: Fields): Material {
  const curve = curves[textField(fields, "crv")];
  if (!curve) throw new Error(`invalid curve ${textField(fields, "crv")}`);
  const algorithm = sequence(objectIdentifier("1.2.840.10045.2.1"), objectIdentifier(curve.oid));
  const [x, y] = ["x", "y"].map((name) => padded(bytesField(fields, name), curve.sizeBytes)) as [
    Bytes,
    Bytes,
  ];
  const spki = sequence(algorithm, bitString(concatBytes(Uint8Array.of(4), x, y)));
  if (fields["d"] === undefined) return { spki };
  const scalar = octetString(padded(bytesField(fields, "d"), curve.sizeBytes));
  return {
    spki,
    pkcs8: sequence(version0, algorithm, octetString(sequence(unsigned(Uint8Array.of(1)), scalar))),
  };
}

/** RFC 8037 §2, RFC 8410. */
function edwardsKey(fields: Fields): Material {
  if (fields["crv"] !== "Ed25519") throw new Error(`invalid curve ${textField(fields, "crv")}`);
  const algorithm = sequence(objectIdentifier("1.3.101.112"));
  const spki = sequence(algorithm, bitString(bytesField(fields, "x")));
  if (fields["d"] === undefined) return { spki };
  return { spki, pkcs8: sequence(version0, algorithm, octetString(octetString(bytesField(fields, "d")))) };
}

function padded(bytes: Uint8Array, size: number): Bytes {
  return concatBytes(new Uint8Array(Math.max(size - bytes.length, 0)), bytes);
}

function textField(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === "string" ? value : "";
}

function bytesField(fields: Fields, name: string): Uint8Array {
  const value = textField(fields, name);
  if (value === "") throw new Error(`required field ${name} is missing`);
  return decodeBase64Url(value.replaceAll("+", "-").replaceAll("/", "_"));
}
