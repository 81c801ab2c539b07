import { sha256 } from "@noble/hashes/sha2.js";

import type { Bytes } from "./bytes.ts";
import { concatBytes } from "./bytes.ts";
import type { Crypto, CurveName, HashName, PublicKey, SignatureScheme } from "./crypto.ts";

interface WebAlgorithm {
  readonly import: Parameters<typeof crypto.subtle.importKey>[2];
  readonly verify: Parameters<typeof crypto.subtle.verify>[0];
  /** For ECDSA, the bytes of one coordinate: WebCrypto takes r‖s, the wire carries DER. */
  readonly coordinateBytes?: number;
}

const minRsaBits = 2048;
const hashNames: Record<HashName, string> = { sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" };
const curves: Record<CurveName, { readonly name: string; readonly coordinateBytes: number }> = {
  p256: { name: "P-256", coordinateBytes: 32 },
  p384: { name: "P-384", coordinateBytes: 48 },
  p521: { name: "P-521", coordinateBytes: 66 },
};

function algorithmOf(scheme: Exclude<SignatureScheme, "ml-dsa-44">): WebAlgorithm {
  if (scheme === "ed25519") return { import: "Ed25519", verify: "Ed25519" };
  const [kind, variant, hash] = scheme.split("-") as ["ecdsa" | "rsa", string, HashName];
  return kind === "ecdsa" ? ecdsa(variant as CurveName, hashNames[hash]) : rsa(hashNames[hash]);
}

function ecdsa(curve: CurveName, hash: string): WebAlgorithm {
  const { name, coordinateBytes } = curves[curve];
  return { import: { name: "ECDSA", namedCurve: name }, verify: { name: "ECDSA", hash }, coordinateBytes };
}

function rsa(hash: string): WebAlgorithm {
  return { import: { name: "RSASSA-PKCS1-v1_5", hash }, verify: "RSASSA-PKCS1-v1_5" };
}

/** The {@link Crypto} of browsers (WebCrypto and, for synchronous hashing, noble); it also runs in Node. */
export const webCrypto: Crypto = {
  sha256: (data) => sha256(data),
  async verify(key, signature, data) {
    const { scheme, spki } = key;
    try {
      if (scheme === "ml-dsa-44") return await verifyMlDsa(spki, signature, data);
      return scheme.startsWith("rsa-pss-")
        ? await verifyPssOver(key, signature, data)
        : await verifyWithSubtle({ scheme, spki }, signature, data);
    } catch {
      return false;
    }
  },
  async verifyDigest(key, signature, digest) {
    return (await import("./verify-digest.ts")).verifyDigest(key, signature, digest);
  },
};

// WebCrypto wants to be told the length of the salt, which the signature does not say.
async function verifyPssOver(key: PublicKey, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
  const hash = hashNames[key.scheme.slice("rsa-pss-".length) as HashName];
  const digest = await crypto.subtle.digest(hash, new Uint8Array(data));
  return webCrypto.verifyDigest(key, signature, new Uint8Array(digest));
}

// Few browsers have it, and none that has it has it everywhere.
async function verifyMlDsa(spki: Bytes, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
  return (await import("./ml-dsa.ts")).verifyMlDsa44(spki, signature, data);
}

interface WebKey {
  readonly scheme: Exclude<SignatureScheme, "ml-dsa-44">;
  readonly spki: Bytes;
}

async function verifyWithSubtle(key: WebKey, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
  const algorithm = algorithmOf(key.scheme);
  const imported = await crypto.subtle.importKey("spki", key.spki, algorithm.import, false, ["verify"]);
  if (isTooShort(imported)) return false;
  const raw = algorithm.coordinateBytes
    ? rawSignatureOf(signature, algorithm.coordinateBytes)
    : new Uint8Array(signature);
  return (
    raw !== undefined && (await crypto.subtle.verify(algorithm.verify, imported, raw, new Uint8Array(data)))
  );
}

function isTooShort({ algorithm }: { readonly algorithm: object }): boolean {
  return "modulusLength" in algorithm && Number(algorithm.modulusLength) < minRsaBits;
}

// ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER } (RFC 3279 §2.2.3), DER only.
function rawSignatureOf(der: Uint8Array, coordinateBytes: number): Bytes | undefined {
  const long = der[1] === 0x81;
  const length = long ? der[2] : der[1];
  const start = long ? 3 : 2;
  if (der[0] !== 0x30 || length !== der.length - start || (long && length < 0x80)) return undefined;
  const r = integerAt(der, start, coordinateBytes);
  const s = r && integerAt(der, r.end, coordinateBytes);
  return r && s && s.end === der.length ? concatBytes(r.value, s.value) : undefined;
}

function integerAt(
  der: Uint8Array,
  at: number,
  coordinateBytes: number,
): { value: Bytes; end: number } | undefined {
  const length = der[at + 1] ?? 0;
  const content = der.subarray(at + 2, at + 2 + length);
  const [first = 0x80, second = 0] = content;
  const isMinimal = first !== 0 || content.length === 1 || second >= 0x80;
  if (der[at] !== 0x02 || content.length !== length || first >= 0x80 || !isMinimal) return undefined;
  const digits = first === 0 ? content.subarray(1) : content;
  if (digits.length > coordinateBytes) return undefined;
  const value = new Uint8Array(coordinateBytes);
  value.set(digits, coordinateBytes - digits.length);
  return { value, end: at + 2 + length };
}
