import type { RefusalCode } from "./examination.ts";

/**
 * The checks of a single bundle, in the order in which they are made, each with what is so when it holds. A fork takes two
 * bundles to be seen.
 */
export const bundleChecks = {
  "evidence/signature-invalid": "the envelope was signed with the certificate's key",
  "evidence/certificate-untrusted": "a trusted authority issued the certificate",
  "evidence/certificate-window": "the certificate was valid when the signature was made",
  "evidence/certificate-purpose": "the certificate is one for signing, and names its signer",
  "evidence/timestamp-missing": "a timestamp says when the signature was made",
  "evidence/timestamp-invalid": "the timestamp is a trusted authority's, over this signature",
  "evidence/log-entry-missing": "the bundle carries its entry in a log",
  "evidence/log-entry-mismatch": "the log's entry is of this envelope, signature and certificate",
  "evidence/log-proof-invalid": "the entry's hash leads to the checkpoint's root",
  "evidence/log-untrusted": "a trusted log signed the checkpoint",
  "evidence/log-window": "the log's key was trusted at that time",
  "evidence/not-witnessed": "as many witnesses cosigned the checkpoint as the witness policy wants",
  "evidence/cosignature-invalid": "every cosignature in the name of a known witness is its own",
  "evidence/cosignature-time": "the cosignatures' times fit the signature's",
} as const satisfies Partial<Record<RefusalCode, string>>;

/** The code of a check that one bundle can fail by itself. */
export type BundleCheck = keyof typeof bundleChecks;
