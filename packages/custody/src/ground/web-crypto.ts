import { sha256 } from "@noble/hashes/sha2.js";

import type { Bytes } from "./bytes.ts";
import { concatBytes } from "./bytes.ts";
import type { Crypto, PublicKey, SignatureScheme } from "./crypto.ts";

interface WebAlgorithm {
  readonly import: Parameters<typeof crypto.subtle.importKey>[2];
  readonly verify: Parameters<typeof crypto.subtle.verify>[0];
  /** For ECDSA, the bytes of one coordinate: WebCrypto takes r‖s, the wire carries DER. */
  readonly coordinateBytes?: number;
}

const algorithms: Record<SignatureScheme, WebAlgorithm> = {
  ed25519: { import: "Ed25519", verify: "Ed25519" },
  "ecdsa-p256-sha256": ecdsa("P-256", "SHA-256", 32),
  "ecdsa-p384-sha384": ecdsa("P-384", "SHA-384", 48),
  "ecdsa-p521-sha512": ecdsa("P-521", "SHA-512", 66),
  "rsa-pkcs1-sha256": rsa("SHA-256"),
  "rsa-pkcs1-sha512": rsa("SHA-512"),
};

function ecdsa(namedCurve: string, hash: string, coordinateBytes: number): WebAlgorithm {
  return { import: { name: "ECDSA", namedCurve }, verify: { name: "ECDSA", hash }, coordinateBytes };
}

function rsa(hash: string): WebAlgorithm {
  return { import: { name: "RSASSA-PKCS1-v1_5", hash }, verify: "RSASSA-PKCS1-v1_5" };
}

/** The {@link Crypto} of browsers (WebCrypto and, for synchronous hashing, noble); it also runs in Node. */
export const webCrypto: Crypto = {
  sha256: (data) => sha256(data),
  async verify(key, signature, data) {
    try {
      return await verifyWithSubtle(key, signature, data);
    } catch {
      return false;
    }
  },
};

async function verifyWithSubtle(key: PublicKey, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
  const algorithm = algorithms[key.scheme];
  const imported = await crypto.subtle.importKey("spki", key.spki, algorithm.import, false, ["verify"]);
  const raw = algorithm.coordinateBytes
    ? rawSignatureOf(signature, algorithm.coordinateBytes)
    : new Uint8Array(signature);
  return (
    raw !== undefined && (await crypto.subtle.verify(algorithm.verify, imported, raw, new Uint8Array(data)))
  );
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
