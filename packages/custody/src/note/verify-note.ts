import { utf8 } from "custody/ground";
import type { Crypto, Instant } from "custody/ground";

import { cosignedMessage, isCosignatureType, parseTimestampedSignature } from "./cosignature.ts";
import { noteFault } from "./faults.ts";
import { parseNote } from "./signed-note.ts";
import type { NoteSignature } from "./signed-note.ts";
import type { VerifierKey } from "./verifier-key.ts";

/** A known key that signed; a cosignature says when. */
export interface NoteSigner {
  readonly key: VerifierKey;
  readonly time?: Instant;
}

/** A text that at least one known key signed; each key is listed once. */
export interface VerifiedNote {
  readonly text: string;
  readonly signers: readonly [NoteSigner, ...NoteSigner[]];
}

/**
 * The text of a note that known keys signed. Signatures by unknown keys count for nothing and harm nothing
 * (C2SP signed-note, Signatures).
 *
 * @throws CustodyError `note/signature` when the signature of a known key is bad, `note/unsigned` when no known key
 * signed; `note/syntax`, `note/limit`.
 */
export async function verifyNote(
  crypto: Crypto,
  source: Uint8Array | string,
  keys: readonly VerifierKey[],
): Promise<VerifiedNote> {
  const { text, signatures } = parseNote(source);
  const signers = new Map<VerifierKey, NoteSigner>();
  for (const signature of signatures) {
    const key = keys.find(({ name, keyId }) => name === signature.name && keyId === signature.keyId);
    if (key) signers.set(key, await verifySignature(crypto, key, signature, text));
  }
  const [first, ...others] = signers.values();
  if (!first) throw noteFault("note/unsigned", "no known key signed the note");
  return { text, signers: [first, ...others] };
}

/**
 * Who made a signature line that claims a known key.
 *
 * @throws CustodyError `note/signature` when the key did not; `note/checkpoint` for ML-DSA-44 over what is none.
 */
export async function verifySignature(
  crypto: Crypto,
  key: VerifierKey,
  { signature }: NoteSignature,
  text: string,
): Promise<NoteSigner> {
  const signed = signedBy(key, signature, text);
  if (await crypto.verify(key.publicKey, signed.signature, signed.message)) return signed.signer;
  throw noteFault("note/signature", "the signature of a known key is bad", { subject: key.name });
}

function signedBy(key: VerifierKey, signature: Uint8Array, text: string) {
  const { type, name } = key;
  if (!isCosignatureType(type)) return { signer: { key }, signature, message: utf8(text) };
  const stamped = parseTimestampedSignature(type, signature);
  return {
    signer: { key, time: stamped.time },
    signature: stamped.signature,
    message: cosignedMessage({ type, name }, stamped.time, text),
  };
}
