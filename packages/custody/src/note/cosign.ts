import type { Crypto, Instant, Signer } from "custody/ground";

import { cosignedMessage, formatTimestampedSignature } from "./cosignature.ts";
import type { CosignatureType } from "./cosignature.ts";
import { noteFault } from "./faults.ts";
import type { NoteSignature } from "./signed-note.ts";
import { verifierKeyOf } from "./verifier-key.ts";
import type { VerifierKey } from "./verifier-key.ts";

/** Who cosigns: a name and a key. An Ed25519 key serves one name only, for its signatures do not say the name. */
export interface Cosigner {
  readonly name: string;
  readonly signer: Signer;
}

/**
 * The verifier key under which a witness's cosignatures are known: 0x04 for Ed25519, 0x06 for ML-DSA-44.
 *
 * @throws CustodyError `note/key` for a name that no key may have, or a key of any other kind.
 */
export function cosignerKeyOf(
  hasher: Pick<Crypto, "sha256">,
  { name, signer }: Cosigner,
): VerifierKey & { readonly type: CosignatureType } {
  const type = signer.publicKey.scheme === "ml-dsa-44" ? "subtree/v1" : "cosignature/v1";
  return { ...verifierKeyOf(hasher, name, type, signer.publicKey), type };
}

/**
 * The signature line by which a witness says that a checkpoint, given by its note text, is the largest consistent
 * one that it has seen of its log, as of a time (C2SP tlog-cosignature). The caller has made sure that it is.
 *
 * @throws CustodyError `note/key`, `note/checkpoint`; `note/signature` when the signer signed something else.
 */
export async function cosignCheckpoint(
  crypto: Crypto,
  cosigner: Cosigner,
  text: string,
  time: Instant,
): Promise<NoteSignature> {
  const key = cosignerKeyOf(crypto, cosigner);
  const message = cosignedMessage(key, time, text);
  const signature = await cosigner.signer.sign(message);
  if (!(await crypto.verify(key.publicKey, signature, message))) {
    throw noteFault("note/signature", "the signer's own signature does not verify", { subject: key.name });
  }
  return { name: key.name, keyId: key.keyId, signature: formatTimestampedSignature({ time, signature }) };
}
