import * as v from "valibot";

import type { Signed } from "./signed.ts";
import { base64Bytes, hexBytes, isBase64Of, isPemOfSigner, isSignedDigest } from "./signed.ts";
import { isSignatureOf, signatureShape } from "./verifier-v2.ts";

const shape001 = v.strictObject({
  apiVersion: v.literal("0.0.1"),
  kind: v.literal("hashedrekord"),
  spec: v.strictObject({
    data: v.strictObject({ hash: v.strictObject({ algorithm: v.string(), value: v.string() }) }),
    signature: v.strictObject({ content: v.string(), publicKey: v.strictObject({ content: v.string() }) }),
  }),
});

/** Rekor v1 `hashedrekord` 0.0.1: the digest of the artifact, the signature, the signer in PEM. */
export function isHashedRekord001(body: unknown, signed: Signed): boolean {
  if (!v.is(shape001, body) || signed.content.kind !== "message") return false;
  const { data, signature } = body.spec;
  return (
    isBase64Of(signature.content, signed.signature) &&
    isPemOfSigner(signature.publicKey.content, signed) &&
    isSignedDigest(signed, data.hash.algorithm, hexBytes(data.hash.value))
  );
}

const shape002 = v.strictObject({
  apiVersion: v.literal("0.0.2"),
  kind: v.literal("hashedrekord"),
  spec: v.strictObject({
    hashedRekordV002: v.strictObject({
      data: v.strictObject({ algorithm: v.string(), digest: v.string() }),
      signature: signatureShape,
    }),
  }),
});

/** Rekor v2 `hashedrekord` 0.0.2: over an artifact its digest, over an envelope the digest of its encoding (PAE). */
export function isHashedRekord002(body: unknown, signed: Signed): boolean {
  if (!v.is(shape002, body)) return false;
  const { data, signature } = body.spec.hashedRekordV002;
  return isSignatureOf(signature, signed) && isSignedDigest(signed, data.algorithm, base64Bytes(data.digest));
}
