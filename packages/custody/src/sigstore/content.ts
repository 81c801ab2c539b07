import { preAuthEncode } from "custody/dsse";
import type { PublicKey } from "custody/ground";

import type { Subject } from "./artifact.ts";
import { findHashName, unknownDigest } from "./artifact.ts";
import type { BundleContent, SigstoreBundle } from "./bundle.ts";
import type { Check } from "./check.ts";
import { schemesOf } from "./key-details.ts";
import type { SignedStatement } from "./statement.ts";
import { demandSubject } from "./statement.ts";

/**
 * Demands that the key signed what the bundle holds, and that it is about the artifact. The statement of an envelope
 * comes back; a message signature has none.
 *
 * @throws CustodyError `sigstore/digest-unknown` when too little is known of the artifact to tell.
 */
export async function demandContent(
  check: Check,
  { content, material }: SigstoreBundle,
  subject: Subject,
  key: PublicKey,
): Promise<SignedStatement | undefined> {
  if (content.kind === "message") {
    demandDigest(check, content, subject);
    if (!subject.canBeSignedBy(key)) throw unknownDigest("signed");
    demandSigned(check, await subject.isSignedBy(key, content.signature));
    return undefined;
  }
  const [signature] = content.envelope.signatures;
  check.demand(
    material.kind !== "key" || signature?.keyid === undefined || signature.keyid === material.hint,
    "sigstore/key-hint",
    "the bundle and its envelope name different keys",
  );
  demandSigned(check, await isEnvelopeSignedBy(check, content, key));
  return demandSubject(check, content.envelope, subject);
}

function demandSigned(check: Check, isGood: boolean): void {
  check.demand(isGood, "sigstore/signature-invalid", "the signature is not the signer's over this artifact");
}

// Nothing rests on the digest that a bundle states; one that is not the artifact's says that something is mixed up.
function demandDigest(check: Check, { digest }: BundleContent & { kind: "message" }, subject: Subject): void {
  if (!digest) return;
  const hash = findHashName(digest.algorithm);
  if (!hash) throw unknownDigest(digest.algorithm.slice(0, 40));
  check.demand(
    subject.has(hash, digest.value),
    "sigstore/digest-mismatch",
    "the bundle is for an artifact with another digest",
  );
}

async function isEnvelopeSignedBy(
  { crypto }: Check,
  { envelope, signature }: BundleContent & { kind: "dsse" },
  { scheme: named, spki }: PublicKey,
): Promise<boolean> {
  const signed = preAuthEncode(envelope.payloadType, envelope.payload);
  for (const scheme of schemesOf({ scheme: named, spki })) {
    if (await crypto.verify({ scheme, spki }, signature, signed)) return true;
  }
  return false;
}
