import type { FaultOptions } from "custody/ground";
import { CustodyError, findFaultCode } from "custody/ground";

import { findNextStep } from "./next-steps.ts";

/** With what a bundle is refused. A check is its code: to turn it off, in a test, is to name the code (decision 2). */
export const sigstoreRefusals = [
  "sigstore/material-mismatch",
  "sigstore/key-hint",
  "sigstore/certificate-chain",
  "sigstore/certificate-untrusted",
  "sigstore/certificate-window",
  "sigstore/certificate-purpose",
  "sigstore/sct-invalid",
  "sigstore/sct-threshold",
  "sigstore/identity-mismatch",
  "sigstore/issuer-mismatch",
  "sigstore/timestamp-invalid",
  "sigstore/timestamp-repeated",
  "sigstore/time-threshold",
  "sigstore/log-unknown",
  "sigstore/log-window",
  "sigstore/promise-missing",
  "sigstore/promise-invalid",
  "sigstore/proof-missing",
  "sigstore/proof-invalid",
  "sigstore/checkpoint-invalid",
  "sigstore/entry-unknown",
  "sigstore/entry-mismatch",
  "sigstore/entry-repeated",
  "sigstore/log-threshold",
  "sigstore/not-witnessed",
  "sigstore/cosignature-invalid",
  "sigstore/cosignature-time",
  "sigstore/signature-invalid",
  "sigstore/digest-mismatch",
  "sigstore/payload-type",
  "sigstore/statement-malformed",
  "sigstore/subject-mismatch",
  "sigstore/predicate-type",
] as const;

export type SigstoreRefusal = (typeof sigstoreRefusals)[number];

/** Why a bundle could not be judged at all. */
export type SigstoreFaultCode =
  | "sigstore/bundle-malformed"
  | "sigstore/version-unknown"
  | "sigstore/root-malformed"
  | "sigstore/key-malformed"
  | "sigstore/digest-unknown"
  | "sigstore/log-request"
  | "sigstore/policy";

export function sigstoreFault(
  code: SigstoreFaultCode,
  message: string,
  options?: FaultOptions,
): CustodyError<SigstoreFaultCode> {
  const next = findNextStep(code);
  return new CustodyError(code, message, { ...(next === undefined ? {} : { next }), ...options });
}

/**
 * Runs a reader of something from outside, and gives what it throws the room's own code: of what could not be read,
 * the caller learns which part it was, and the reader's message.
 */
export function reading<T>(code: SigstoreFaultCode, what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const known = findFaultCode(cause);
    if (known === undefined || known.startsWith("sigstore/")) throw cause;
    throw sigstoreFault(code, `${what} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** As `read`, and undefined for what cannot be read. Bugs are thrown on. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

/** As {@link attempt}, of what answers later. */
export async function attemptAsync<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}
