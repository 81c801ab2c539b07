import { concatBytes, CustodyError, DerReader, equalBytes, toBase64 } from "custody/ground";
import type { Bytes } from "custody/ground";

import { stringBytes, stringOfBytes } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext } from "../builtin.ts";
import { pemBlocks } from "../crypto/pem.ts";
import type { PemBlock } from "../crypto/pem.ts";
import { parsePrivateKey } from "../crypto/private-key.ts";
import type { KeyForm, PrivateKey } from "../crypto/private-key.ts";
import { privateKeyValue } from "../crypto/private-key-shapes.ts";
import { decodeBase64 } from "../encoding/base64-codec.ts";
import { certificateValue } from "./certificate-value.ts";
import { parseCertificate } from "./certificate.ts";
import { findPublicKey } from "./public-key.ts";
import type { PublicKey } from "./public-key.ts";
import { orMalformed } from "./source.ts";

/**
 * A certificate chain and the private key of its first certificate, as Go's `tls.Certificate` shows them.
 *
 * @throws BuiltinError where they do not belong together.
 */
export function keyPairValue(context: BuiltinContext, certificateText: string, keyText: string): RegoValue {
  const [certificates, keys] = [blocksOf(certificateText, "CERTIFICATE"), blocksOf(keyText, "PRIVATE KEY")];
  const chain = chainOf(certificates);
  const der = keyOf(keys);
  const leaf = orMalformed("certificate", () => parseCertificate(new DerReader(chain[0] as Bytes).next()));
  const key = anyPrivateKey(context, der);
  checkPair(
    orMalformed("certificate", () => findPublicKey(leaf.spki)),
    key,
  );
  return {
    Certificate: chain.map(toBase64),
    PrivateKey: privateKeyValue(key),
    SupportedSignatureAlgorithms: null,
    OCSPStaple: null,
    SignedCertificateTimestamps: null,
    Leaf: orMalformed("certificate", () => certificateValue(leaf)),
  };
}

type Block = Pick<PemBlock, "type" | "bytes">;

/** The blocks of PEM, of PEM in base64, or the one block that DER in base64 is. */
function blocksOf(text: string, type: string): readonly Block[] {
  if (text.startsWith("-----BEGIN ")) return pemBlocks(text);
  const bytes = decodeBase64(stringBytes(text), "standard");
  const decoded = stringOfBytes(bytes);
  return decoded.startsWith("-----BEGIN ") ? pemBlocks(decoded) : [{ type, bytes: concatBytes(bytes) }];
}

function chainOf(blocks: readonly Block[]): readonly Bytes[] {
  const chain = blocks.filter(({ type }) => type === "CERTIFICATE").map(({ bytes }) => bytes);
  if (chain.length > 0) return chain;
  const types = blocks.map(({ type }) => type);
  if (types.length === 0) throw tlsError("failed to find any PEM data in certificate input");
  if (types.length === 1 && types[0]?.endsWith("PRIVATE KEY"))
    throw tlsError(
      "failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched",
    );
  throw tlsError(
    `failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${types.join(" ")}]`,
  );
}

function keyOf(blocks: readonly Block[]): Bytes {
  const key = blocks.find(({ type }) => type === "PRIVATE KEY" || type.endsWith(" PRIVATE KEY"));
  if (key) return key.bytes;
  const types = blocks.map(({ type }) => type);
  if (types.length === 0) throw tlsError("failed to find any PEM data in key input");
  if (types.length === 1 && types[0] === "CERTIFICATE")
    throw tlsError("found a certificate rather than a key in the PEM for the private key");
  throw tlsError(
    `failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${types.join(" ")}]`,
  );
}

const forms: readonly KeyForm[] = ["PKCS1", "PKCS8", "EC"];

function anyPrivateKey(context: BuiltinContext, der: Bytes): PrivateKey {
  const key = forms.map((form) => findPrivateKey(context, form, der)).find((key) => key !== undefined);
  if (!key) throw tlsError("failed to parse private key");
  if (key.kind === "x25519") throw tlsError("found unknown private key type in PKCS#8 wrapping");
  return key;
}

function findPrivateKey(context: BuiltinContext, form: KeyForm, der: Bytes): PrivateKey | undefined {
  try {
    return parsePrivateKey(context, form, der);
  } catch (error) {
    if (error instanceof BuiltinError || error instanceof CustodyError) return undefined;
    throw error;
  }
}

function checkPair(publicKey: PublicKey | undefined, key: PrivateKey): void {
  if (!publicKey) throw tlsError("unknown public key algorithm");
  if (publicKey.kind !== key.kind) throw tlsError("private key type does not match public key type");
  const same =
    publicKey.kind === "rsa"
      ? key.kind === "rsa" && key.n === publicKey.n && key.e === publicKey.e
      : key.kind !== "rsa" && equalBytes(publicKey.point, key.point);
  if (!same) throw tlsError("private key does not match public key");
}

function tlsError(message: string): BuiltinError {
  return new BuiltinError(`tls: ${message}`);
}
