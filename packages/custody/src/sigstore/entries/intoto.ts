import { parseUtf8 } from "custody/ground";
import * as v from "valibot";

import { attempt } from "../reasons.ts";
import type { Signed } from "./signed.ts";
import { base64Bytes, hexBytes, isBase64Of, isPayloadDigest, isPemOfSigner } from "./signed.ts";

const hashShape = v.strictObject({ algorithm: v.string(), value: v.string() });

const shape001 = v.strictObject({
  apiVersion: v.literal("0.0.1"),
  kind: v.literal("intoto"),
  spec: v.strictObject({
    content: v.strictObject({ hash: v.optional(hashShape), payloadHash: hashShape }),
    publicKey: v.string(),
  }),
});

/**
 * Rekor v1 `intoto` 0.0.1: the digest of the payload and the signer in PEM. It does not hold the signature: what it
 * proves is that this signer had signed this payload when the log took it in.
 */
export function isIntoto001(body: unknown, signed: Signed): boolean {
  if (!v.is(shape001, body)) return false;
  const { content, publicKey } = body.spec;
  const { algorithm, value } = content.payloadHash;
  return isPemOfSigner(publicKey, signed) && isPayloadDigest(signed, algorithm, hexBytes(value));
}

const shape002 = v.strictObject({
  apiVersion: v.literal("0.0.2"),
  kind: v.literal("intoto"),
  spec: v.strictObject({
    content: v.strictObject({
      envelope: v.strictObject({
        payload: v.optional(v.string()),
        payloadType: v.string(),
        signatures: v.strictTuple([
          v.strictObject({ keyid: v.optional(v.string()), publicKey: v.string(), sig: v.string() }),
        ]),
      }),
      hash: v.optional(hashShape),
      payloadHash: hashShape,
    }),
  }),
});

/** Rekor v1 `intoto` 0.0.2: the envelope, its signature and payload in base64 of base64. */
export function isIntoto002(body: unknown, signed: Signed): boolean {
  if (!v.is(shape002, body) || signed.content.kind !== "dsse") return false;
  const { envelope, payloadHash } = body.spec.content;
  const [signature] = envelope.signatures;
  const { payload, payloadType } = signed.content.envelope;
  return (
    isBase64Of(unwrap(signature.sig), signed.signature) &&
    isPemOfSigner(signature.publicKey, signed) &&
    envelope.payloadType === payloadType &&
    (envelope.payload === undefined || isBase64Of(unwrap(envelope.payload), payload)) &&
    isPayloadDigest(signed, payloadHash.algorithm, hexBytes(payloadHash.value))
  );
}

function unwrap(text: string): string | undefined {
  const bytes = base64Bytes(text);
  return bytes && attempt(() => parseUtf8(bytes));
}
