import { parseBundle } from "custody/evidence";
import type { Crypto, Digest } from "custody/ground";
import { CustodyError, digestOf } from "custody/ground";

import type { AttestationRecord } from "./ports.ts";

/** The digest of what an attestation's envelope holds; undefined for what is no bundle. */
export function payloadOf(
  crypto: Pick<Crypto, "sha256">,
  { bytes }: Pick<AttestationRecord, "bytes">,
): Digest | undefined {
  try {
    return digestOf(crypto, parseBundle(bytes).envelope.payload);
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}
