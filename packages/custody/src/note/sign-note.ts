import { utf8 } from "custody/ground";
import type { Crypto, Signer } from "custody/ground";

import { noteFault } from "./faults.ts";
import { formatNote, parseNote } from "./signed-note.ts";
import { verifierKeyOf } from "./verifier-key.ts";
import type { VerifierKey } from "./verifier-key.ts";

/**
 * The verifier key under which a signer's notes are known: Ed25519 (0x01) or ECDSA P-256 (0x02), as its key is.
 *
 * @throws CustodyError `note/key` for a name that no key may have, or a key of any other kind.
 */
export function noteKeyOf(hasher: Pick<Crypto, "sha256">, name: string, signer: Signer): VerifierKey {
  const type = signer.publicKey.scheme === "ed25519" ? "ed25519" : "ecdsa";
  return verifierKeyOf(hasher, name, type, signer.publicKey);
}

/**
 * A note over the text, signed under the name.
 *
 * @throws CustodyError `note/syntax` when the text cannot be that of a note (it must end in a newline and hold no
 * other control character), before anything is signed; `note/key`.
 */
export async function signNote(
  hasher: Pick<Crypto, "sha256">,
  name: string,
  signer: Signer,
  text: string,
): Promise<string> {
  const { keyId } = noteKeyOf(hasher, name, signer);
  checkText(text, name, keyId);
  const signature = await signer.sign(utf8(text));
  return formatNote({ text, signatures: [{ name, keyId, signature }] });
}

// What would be written, with a signature of nothing, must read back as the same text.
function checkText(text: string, name: string, keyId: string): void {
  const draft = formatNote({ text, signatures: [{ name, keyId, signature: new Uint8Array(64) }] });
  if (!text.endsWith("\n") || parseNote(draft).text !== text) {
    throw noteFault("note/syntax", "the text cannot be that of a note");
  }
}
