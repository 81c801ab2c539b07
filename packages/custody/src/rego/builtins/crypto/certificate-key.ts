import { CustodyError, derTags, readDer } from "custody/ground";
import type { Bytes } from "custody/ground";

/** The public key of a certificate (RFC 5280 §4.1) as SubjectPublicKeyInfo, or undefined for what is none. */
export function findCertificateKey(certificate: Bytes): Bytes | undefined {
  return orUndefined(() => {
    const body = readDer(certificate, derTags.sequence).enter(derTags.sequence);
    body.find(0xa0);
    body.read(derTags.integer);
    for (let i = 0; i < 4; i++) body.read(derTags.sequence);
    return body.read(derTags.sequence).whole;
  });
}

/** True for a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
export function isPublicKey(spki: Bytes): boolean {
  const found = orUndefined(() => {
    const key = readDer(spki, derTags.sequence);
    key.read(derTags.sequence);
    return key.read(derTags.bitString);
  });
  return found !== undefined;
}

function orUndefined<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}
