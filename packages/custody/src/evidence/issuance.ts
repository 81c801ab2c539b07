import type { Crypto } from "custody/ground";
import { equalBytes } from "custody/ground";

import type { Certificate } from "./certificate.ts";
import { findVerificationKey } from "./certificate.ts";

/**
 * Whether certificates issued one another. The authorities of a trusted root come again with every bundle; the
 * signature between two certificates is verified once in the life of this object, which is one run of checks.
 */
export class Issuance {
  readonly #verified = new WeakMap<Certificate, WeakMap<Certificate, Promise<boolean>>>();

  /** Whether the child names the issuer and the issuer's key signed it. */
  isIssuedBy(crypto: Crypto, child: Certificate, issuer: Certificate): Promise<boolean> {
    const ofChild = this.#verified.get(child) ?? new WeakMap<Certificate, Promise<boolean>>();
    const answer = ofChild.get(issuer) ?? verifyIssued(crypto, child, issuer);
    this.#verified.set(child, ofChild.set(issuer, answer));
    return answer;
  }
}

async function verifyIssued(crypto: Crypto, child: Certificate, issuer: Certificate): Promise<boolean> {
  const key = findVerificationKey(issuer.publicKey, child.signatureAlgorithm);
  if (!key || !equalBytes(child.issuer, issuer.subject)) return false;
  return crypto.verify(key, child.signature, child.tbs);
}
