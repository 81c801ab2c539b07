import type { SigstoreFaultCode, SigstoreRefusal } from "./reasons.ts";

const askSigner = "ask the signer for a bundle of this very artifact";
const distrust = "do not use the artifact; ask the signer to sign it again";
const checkRoot = "give the trusted root of the instance that signed it: --trusted-root FILE";
const checkTime = "have it signed again, while certificate and keys are valid";

const steps: Readonly<Record<SigstoreRefusal | SigstoreFaultCode, string>> = {
  "sigstore/material-mismatch":
    "give a key for a bundle signed with a key, an identity for one with a certificate",
  "sigstore/key-hint": distrust,
  "sigstore/certificate-chain": "have the signer leave the certificate authority out of the bundle",
  "sigstore/certificate-untrusted": checkRoot,
  "sigstore/certificate-window": checkTime,
  "sigstore/certificate-purpose": "have it signed with a certificate for code signing",
  "sigstore/sct-invalid": checkRoot,
  "sigstore/sct-threshold": checkRoot,
  "sigstore/identity-mismatch": "find out whether that identity may sign it, and name it exactly",
  "sigstore/issuer-mismatch": "find out whether that issuer may vouch, and name it exactly",
  "sigstore/timestamp-invalid": checkRoot,
  "sigstore/timestamp-repeated": distrust,
  "sigstore/time-threshold": "have it signed again with a timestamp",
  "sigstore/log-unknown": checkRoot,
  "sigstore/log-window": checkTime,
  "sigstore/promise-missing": "have it signed again as a bundle v0.3",
  "sigstore/promise-invalid": distrust,
  "sigstore/proof-missing": "have it signed again with an inclusion proof",
  "sigstore/proof-invalid": distrust,
  "sigstore/checkpoint-invalid": distrust,
  "sigstore/entry-unknown": "have it logged as hashedrekord or dsse",
  "sigstore/entry-mismatch": distrust,
  "sigstore/entry-repeated": distrust,
  "sigstore/log-threshold": "have it signed again with a transparency log entry",
  "sigstore/not-witnessed":
    "have it logged again where the witnesses of your policy cosign, or mend the policy",
  "sigstore/cosignature-invalid": distrust,
  "sigstore/cosignature-time": distrust,
  "sigstore/signature-invalid": askSigner,
  "sigstore/digest-mismatch": askSigner,
  "sigstore/payload-type": "have it signed as an in-toto statement",
  "sigstore/statement-malformed": "have it signed as an in-toto statement with subjects",
  "sigstore/subject-mismatch": askSigner,
  "sigstore/predicate-type": "ask the signer for an attestation of the type that is wanted",
  "sigstore/bundle-malformed": "get the bundle again, as the signer wrote it",
  "sigstore/version-unknown": "have it signed as a bundle v0.3",
  "sigstore/root-malformed": "get the trusted root again, from its TUF repository",
  "sigstore/key-malformed": "write the key with: openssl pkey -pubin -in KEY -outform PEM",
  "sigstore/digest-unknown": "give the file itself instead of its digest",
  "sigstore/log-request":
    "sign again, and send the digest, the signature and the key or certificate that it is by",
  "sigstore/policy": "name an identity and an issuer, or give a key",
};

/** What to do about a bundle that was not accepted for that reason; undefined for codes of other rooms. */
export function findNextStep(code: string): string | undefined {
  return Object.hasOwn(steps, code) ? steps[code as keyof typeof steps] : undefined;
}
