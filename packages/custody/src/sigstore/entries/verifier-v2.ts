import { equalBytes } from "custody/ground";
import * as v from "valibot";

import { isDescribedBy } from "../key-details.ts";
import type { Signed } from "./signed.ts";
import { base64Bytes, isBase64Of } from "./signed.ts";

const rawBytes = v.strictObject({ rawBytes: v.string() });

/** A signature and who made it, in entries of Rekor v2 (protobuf-specs, `rekor/v2/verifier.proto`). */
export const signatureShape = v.strictObject({
  content: v.string(),
  verifier: v.strictObject({
    keyDetails: v.string(),
    x509Certificate: v.optional(rawBytes),
    publicKey: v.optional(rawBytes),
  }),
});

/** Whether it is the bundle's signature by the bundle's signer, with details that its key may have. */
export function isSignatureOf(
  { content, verifier }: v.InferOutput<typeof signatureShape>,
  { signature, certificate, key }: Signed,
): boolean {
  const { keyDetails, x509Certificate, publicKey } = verifier;
  const [stated, other] = certificate ? [x509Certificate, publicKey] : [publicKey, x509Certificate];
  const named = stated && base64Bytes(stated.rawBytes);
  return (
    isBase64Of(content, signature) &&
    named !== undefined &&
    other === undefined &&
    equalBytes(named, certificate ?? key.spki) &&
    isDescribedBy(key, keyDetails)
  );
}
