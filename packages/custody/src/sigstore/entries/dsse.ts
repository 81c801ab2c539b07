import * as v from "valibot";

import type { Signed } from "./signed.ts";
import { base64Bytes, hexBytes, isBase64Of, isPayloadDigest, isPemOfSigner } from "./signed.ts";
import { isSignatureOf, signatureShape } from "./verifier-v2.ts";

const hashShape = v.strictObject({ algorithm: v.string(), value: v.string() });
const one = <const Item extends v.GenericSchema>(item: Item) => v.strictTuple([item]);

const shape001 = v.strictObject({
  apiVersion: v.literal("0.0.1"),
  kind: v.literal("dsse"),
  spec: v.strictObject({
    envelopeHash: v.optional(hashShape),
    payloadHash: hashShape,
    signatures: one(v.strictObject({ signature: v.string(), verifier: v.string() })),
  }),
});

/**
 * Rekor v1 `dsse` 0.0.1: the digest of the payload, the one signature, the signer in PEM. The digest of the envelope is
 * of its JSON as it was sent to the log, which nobody has any more; signature and payload are what the envelope says.
 */
export function isDsse001(body: unknown, signed: Signed): boolean {
  if (!v.is(shape001, body)) return false;
  const { payloadHash, signatures } = body.spec;
  return (
    isBase64Of(signatures[0].signature, signed.signature) &&
    isPemOfSigner(signatures[0].verifier, signed) &&
    isPayloadDigest(signed, payloadHash.algorithm, hexBytes(payloadHash.value))
  );
}

const shape002 = v.strictObject({
  apiVersion: v.literal("0.0.2"),
  kind: v.literal("dsse"),
  spec: v.strictObject({
    dsseV002: v.strictObject({
      payloadHash: v.strictObject({ algorithm: v.string(), digest: v.string() }),
      signatures: one(signatureShape),
    }),
  }),
});

/** Rekor v2 `dsse` 0.0.2. */
export function isDsse002(body: unknown, signed: Signed): boolean {
  if (!v.is(shape002, body)) return false;
  const { payloadHash, signatures } = body.spec.dsseV002;
  return (
    isSignatureOf(signatures[0], signed) &&
    isPayloadDigest(signed, payloadHash.algorithm, base64Bytes(payloadHash.digest))
  );
}
