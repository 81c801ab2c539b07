import {
  concatBytes,
  CustodyError,
  derBitString,
  derOid,
  DerReader,
  derSmallInteger,
  derTags,
} from "custody/ground";
import type { Bytes, DerValue } from "custody/ground";

import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext } from "../builtin.ts";
import { findCurve } from "./curves.ts";
import type { Curve } from "./curves.ts";
import { objectIdentifier, octetString, sequence, unsigned } from "./der-writer.ts";
import { readRsaForm, rsaKey } from "./rsa-key.ts";
import type { RsaKey } from "./rsa-key.ts";

/** A private key in its parts; points are uncompressed (SEC 1 §2.3.3). */
export type PrivateKey =
  | RsaKey
  | { readonly kind: "ec"; readonly curve: Curve; readonly scalar: Bytes; readonly point: Bytes }
  | { readonly kind: "ed25519" | "x25519"; readonly secret: Bytes; readonly point: Bytes };

/** PKCS #1 (RFC 8017 appendix A.1.2), SEC 1 (RFC 5915 §3) or PKCS #8 (RFC 5208 §5). */
export type KeyForm = "PKCS1" | "EC" | "PKCS8";

/** ECPrivateKey, unchecked. */
interface EllipticForm {
  readonly version: number;
  readonly scalar: Bytes;
  readonly curve: string | undefined;
}

/** PrivateKeyInfo, unchecked. */
interface WrappedForm {
  readonly algorithm: string;
  readonly parameters: DerValue | undefined;
  readonly key: Bytes;
}

const readers = {
  PKCS1: readRsaForm,
  EC: readEllipticForm,
  PKCS8: readWrappedForm,
} as const satisfies Record<KeyForm, (der: Bytes) => unknown>;

/**
 * The key in that form. Public points come from the host, where a form need not have them.
 *
 * @throws BuiltinError in Go's words.
 */
export function parsePrivateKey(context: BuiltinContext, form: KeyForm, der: Bytes): PrivateKey {
  switch (form) {
    case "PKCS1":
      return rsaKey(readForm("PKCS1", der, ["EC", "PKCS8"]));
    case "EC":
      return ellipticKey(context, readForm("EC", der, ["PKCS8", "PKCS1"]));
    default:
      return wrappedKey(context, readForm("PKCS8", der, ["EC", "PKCS1"]));
  }
}

type Form<Name extends KeyForm> = ReturnType<(typeof readers)[Name]>;

function readForm<Name extends KeyForm>(name: Name, der: Bytes, others: readonly KeyForm[]): Form<Name> {
  const form = findForm(name, der);
  if (form) return form;
  const other = others.find((form) => findForm(form, der));
  if (other)
    throw new BuiltinError(
      `x509: failed to parse private key (use Parse${other}PrivateKey instead for this key format)`,
    );
  const context = name === "EC" ? "x509: failed to parse EC private key: " : "";
  throw new BuiltinError(`${context}asn1: structure error: not a key in this form`);
}

function findForm<Name extends KeyForm>(name: Name, der: Bytes): Form<Name> | undefined {
  try {
    return readers[name](der) as Form<Name>;
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

function readEllipticForm(der: Bytes): EllipticForm {
  const reader = new DerReader(der).enter(derTags.sequence);
  const version = derSmallInteger(reader.read(derTags.integer));
  const scalar = reader.read(derTags.octetString).content;
  const parameters = reader.find(0xa0);
  const publicKey = reader.find(0xa1);
  if (publicKey) derBitString(new DerReader(publicKey.content).read(derTags.bitString));
  return {
    version,
    scalar,
    curve: parameters && derOid(new DerReader(parameters.content).read(derTags.oid)),
  };
}

function readWrappedForm(der: Bytes): WrappedForm {
  const reader = new DerReader(der).enter(derTags.sequence);
  derSmallInteger(reader.read(derTags.integer));
  const algorithm = reader.enter(derTags.sequence);
  const oid = derOid(algorithm.read(derTags.oid));
  const parameters = algorithm.isDone ? undefined : algorithm.next();
  return { algorithm: oid, parameters, key: reader.read(derTags.octetString).content };
}

function wrappedKey(context: BuiltinContext, { algorithm, parameters, key }: WrappedForm): PrivateKey {
  switch (algorithm) {
    case "1.2.840.113549.1.1.1":
      return embedded("RSA", () => parsePrivateKey(context, "PKCS1", key));
    case "1.2.840.10045.2.1": {
      const curve = parameters?.tag === derTags.oid ? derOid(parameters) : undefined;
      return embedded("EC", () => {
        const form = readForm("EC", key, ["PKCS8", "PKCS1"]);
        return ellipticKey(context, { ...form, curve: curve ?? form.curve });
      });
    }
    case "1.3.101.112":
      return edwardsKey(context, { kind: "ed25519", algorithm, parameters, key });
    case "1.3.101.110":
      return edwardsKey(context, { kind: "x25519", algorithm, parameters, key });
    default:
      throw new BuiltinError(
        `x509: PKCS#8 wrapping contained private key with unknown algorithm: ${algorithm}`,
      );
  }
}

function embedded<Key>(name: string, parse: () => Key): Key {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof BuiltinError)) throw error;
    throw new BuiltinError(`x509: failed to parse ${name} private key embedded in PKCS#8: ${error.message}`);
  }
}

const version0 = unsigned(Uint8Array.of(0));
const version1 = unsigned(Uint8Array.of(1));

function ellipticKey(context: BuiltinContext, form: EllipticForm): PrivateKey {
  if (form.version !== 1) throw new BuiltinError(`x509: unknown EC private key version ${form.version}`);
  const curve = form.curve === undefined ? undefined : findCurve(form.curve);
  if (!curve) throw new BuiltinError("x509: unknown elliptic curve");
  const scalar = fitted(form.scalar, curve.sizeBytes);
  const algorithm = sequence(objectIdentifier("1.2.840.10045.2.1"), objectIdentifier(curve.oid));
  const inner = sequence(version1, octetString(scalar));
  const point = publicPoint(context, sequence(version0, algorithm, octetString(inner)));
  if (point.length !== 1 + 2 * curve.sizeBytes) throw new BuiltinError("crypto/ecdsa: invalid private key");
  return { kind: "ec", curve, scalar, point };
}

/** With zeros before it, or without, to that length. */
function fitted(scalar: Bytes, size: number): Bytes {
  const extra = Math.max(scalar.length - size, 0);
  if (scalar.subarray(0, extra).some((byte) => byte !== 0))
    throw new BuiltinError("x509: invalid private key length");
  return concatBytes(new Uint8Array(Math.max(size - scalar.length, 0)), scalar.subarray(extra));
}

interface EdwardsForm extends WrappedForm {
  readonly kind: "ed25519" | "x25519";
}

/** RFC 8410 §7. */
function edwardsKey(context: BuiltinContext, { kind, algorithm, parameters, key }: EdwardsForm): PrivateKey {
  const name = kind === "ed25519" ? "Ed25519" : "X25519";
  if (parameters) throw new BuiltinError(`x509: invalid ${name} private key parameters`);
  const secret = octets(key);
  if (!secret) throw new BuiltinError(`x509: invalid ${name} private key: asn1: structure error`);
  if (secret.length !== 32)
    throw new BuiltinError(
      kind === "ed25519"
        ? `x509: invalid Ed25519 private key length: ${secret.length}`
        : "crypto/ecdh: invalid private key size",
    );
  const pkcs8 = sequence(version0, sequence(objectIdentifier(algorithm)), octetString(octetString(secret)));
  return { kind, secret, point: publicPoint(context, pkcs8) };
}

function octets(der: Bytes): Bytes | undefined {
  const reader = new DerReader(der);
  return der[0] === derTags.octetString && der[1] === der.length - 2 ? reader.next().content : undefined;
}

function publicPoint({ host }: BuiltinContext, pkcs8: Bytes): Bytes {
  if (!host.crypto) throw new BuiltinError("no cryptography for private keys");
  const spki = derivedKey(host.crypto.publicKey, pkcs8);
  const reader = new DerReader(spki).enter(derTags.sequence);
  reader.read(derTags.sequence);
  return derBitString(reader.read(derTags.bitString)).bytes;
}

function derivedKey(derive: (pkcs8: Uint8Array) => Uint8Array, pkcs8: Bytes): Bytes {
  try {
    return concatBytes(derive(pkcs8));
  } catch (cause) {
    throw new BuiltinError("crypto/ecdsa: invalid private key", "eval_builtin_error", { cause });
  }
}
