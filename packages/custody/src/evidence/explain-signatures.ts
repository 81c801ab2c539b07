import type { Crypto, Instant } from "custody/ground";
import { CustodyError } from "custody/ground";
import type { SignedNote, VerifierKey } from "custody/note";
import { parseNote, verifyNote } from "custody/note";

import { logKeyOf } from "./log-key.ts";
import type { TrustedLog, TrustedRoot } from "./trusted-root.ts";

/** A line of a checkpoint's signatures: whose it is, and whether it was made with the key that is trusted in that name. */
export interface ShownSignature {
  readonly name: string;
  readonly keyId: string;
  readonly role: "log" | "witness" | "unknown";
  readonly holds: boolean;
  readonly time?: Instant | undefined;
}

/** Whose signatures are known: one log's, and those of the witnesses that the root names. */
export interface KnownSigners {
  readonly log: TrustedLog | undefined;
  readonly root: Pick<TrustedRoot, "witnesses">;
}

/** Every signature under a checkpoint, each judged by itself; none for what is no note. It decides nothing. */
export async function explainSignatures(
  crypto: Crypto,
  note: string,
  { log, root }: KnownSigners,
): Promise<readonly ShownSignature[]> {
  const logKey = log && logKeyOf(crypto, log);
  const witnesses = root.witnesses?.policy.witnesses ?? [];
  const shown: ShownSignature[] = [];
  for (const { name, keyId } of findNote(note)?.signatures ?? []) {
    const isKey = (key: VerifierKey): boolean => key.name === name && key.keyId === keyId;
    const key = [logKey, ...witnesses.map((one) => one.key)].find((known) => known && isKey(known));
    const role = key === undefined ? "unknown" : key === logKey ? "log" : "witness";
    const signer = key && (await findSigner(crypto, note, key));
    shown.push({ name, keyId, role, holds: !!signer, time: signer?.time });
  }
  return shown;
}

function findNote(note: string): SignedNote | undefined {
  try {
    return parseNote(note);
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

async function findSigner(
  crypto: Crypto,
  note: string,
  key: VerifierKey,
): Promise<{ readonly time?: Instant } | undefined> {
  try {
    return (await verifyNote(crypto, note, [key])).signers[0];
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}
