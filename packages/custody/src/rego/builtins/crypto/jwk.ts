import { concatBytes } from "custody/ground";
import type { Bytes } from "custody/ground";

import { decodeBase64Url } from "../encoding/base64.ts";
import { bitString, nullValue, objectIdentifier, octetString, sequence, unsigned } from "./der-writer.ts";

/** A key of a token: for a signature, for its check, or a shared secret. Keys are DER. */
export interface TokenKey {
  readonly algorithm: string;
  readonly id: string;
  /** What OPA's library calls a key of this kind: `rsaPublicKey`. */
  readonly type?: string;
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
  if (value === null) return {};
  const kind = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  throw new Error(
    `jwk.Parse: failed to probe data: probe: failed to unmarshal data: json: cannot unmarshal ${kind} into Go value of type struct { Kty string "json:\\"kty\\""; D json.RawMessage "json:\\"d,omitempty\\"" }`,
  );
}

function parseJwk(fields: Fields): TokenKey {
  const named = {
    algorithm: textField(fields, "alg"),
    id: textField(fields, "kid"),
    type: typeOf(fields),
  };
  switch (fields["kty"]) {
    case "oct":
      return { ...named, secret: secretOf(fields) };
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
  const [e, n] = ["e", "n"].map((name) => unsigned(bytesField(fields, name))) as [Bytes, Bytes];
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
  if (fields["crv"] === undefined) throw fieldFault(fields, "required field crv is missing");
  const name = textField(fields, "crv");
  const curve = Object.hasOwn(curves, name) ? curves[name] : undefined;
  if (!curve)
    throw fieldFault(
      fields,
      `failed to decode value for key crv: unknown EllipticCurveAlgorithm: ${JSON.stringify(name)}`,
    );
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
  if (fields["crv"] === undefined) throw fieldFault(fields, "required field crv is missing");
  if (fields["crv"] !== "Ed25519") throw new Error(`invalid curve ${textField(fields, "crv")}`);
  const algorithm = sequence(objectIdentifier("1.3.101.112"));
  const spki = sequence(algorithm, bitString(bytesField(fields, "x")));
  if (fields["d"] === undefined) return { spki };
  return { spki, pkcs8: sequence(version0, algorithm, octetString(octetString(bytesField(fields, "d")))) };
}

function padded(bytes: Uint8Array, size: number): Bytes {
  return concatBytes(new Uint8Array(Math.max(size - bytes.length, 0)), bytes);
}

function secretOf(fields: Fields): Uint8Array {
  if (fields["k"] !== "") return bytesField(fields, "k");
  throw new Error(
    'jwk.Parse: key validation failed: key validation failed: jwk.SymmetricKey: missing "k" field',
  );
}

const typeNames: Readonly<Record<string, string>> = { oct: "symmetric", RSA: "rsa", EC: "ecdsa", OKP: "okp" };

function typeOf(fields: Fields): string {
  const type = typeNames[textField(fields, "kty")] ?? "";
  const half = type === "symmetric" ? "" : fields["d"] === undefined ? "Public" : "Private";
  return `${type}${half}Key`;
}

/** What is wrong with a field, as the library says it that OPA reads keys with. */
function fieldFault(fields: Fields, fault: string): Error {
  const context = `failed to unmarshal JSON into key (*jwk.${typeOf(fields)}): `;
  return new Error(context + context + fault);
}

function textField(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === "string" ? value : "";
}

function bytesField(fields: Fields, name: string): Uint8Array {
  const value = fields[name];
  if (value === undefined) throw fieldFault(fields, `required field ${name} is missing`);
  const context = `failed to decode value for key ${name}: `;
  if (typeof value !== "string")
    throw fieldFault(
      fields,
      `${context}error reading next value: json: cannot unmarshal ${typeof value} into Go value of type string`,
    );
  try {
    return decodeBase64Url(value.replaceAll("+", "-").replaceAll("/", "_"));
  } catch {
    throw fieldFault(fields, `${context}expected base64 encoded []byte (string)`);
  }
}
