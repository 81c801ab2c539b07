import type { Certificate, TrustedAuthority } from "custody/evidence";
import { findIssuingAuthorities, Issuance, parseCertificate } from "custody/evidence";
import type { Bytes, Crypto } from "custody/ground";
import { toBase64, toHex } from "custody/ground";
import type { Checkpoint } from "custody/note";

import { findSignedCheckpoint } from "./checkpoint.ts";
import { reading } from "./reasons.ts";
import type { CertificateTimestamps } from "./sct.ts";
import { verifyCertificateTimestamps } from "./sct.ts";
import type { RootLog, SigstoreTrustedRoot } from "./trusted-root.ts";

/** What is true of a certificate at any time: who issued it, and which logs saw it. Windows are for the caller. */
export interface KnownCertificate {
  readonly certificate: Certificate;
  /** With the certificate timestamps as each authority's issuer makes them verify. */
  readonly issued: readonly { readonly authority: TrustedAuthority; readonly scts: CertificateTimestamps }[];
}

const defaultLimit = 512;

/**
 * What verifications under one trusted root need not do twice: signatures of certificates and of checkpoints. It holds
 * nothing of what was signed, no verdict and no time, and at most `limit` members of each kind, the oldest going first.
 */
export class Seen {
  readonly issuance = new Issuance();
  readonly #root: SigstoreTrustedRoot;
  readonly #limit: number;
  readonly #certificates = new Map<string, Promise<KnownCertificate>>();
  readonly #checkpoints = new Map<string, Promise<Checkpoint | undefined>>();

  constructor(root: SigstoreTrustedRoot, limit = defaultLimit) {
    this.#root = root;
    this.#limit = limit;
  }

  /** Whether it was made for that very root: what is known under one root says nothing under another. */
  isOf(root: SigstoreTrustedRoot): boolean {
    return this.#root === root;
  }

  /** @throws CustodyError `sigstore/bundle-malformed` for what is no certificate. */
  certificate(crypto: Crypto, der: Bytes): Promise<KnownCertificate> {
    return this.#remember(this.#certificates, toBase64(der), () => this.#learn(crypto, der));
  }

  /** As {@link findSignedCheckpoint}. */
  checkpoint(crypto: Crypto, note: string, log: RootLog): Promise<Checkpoint | undefined> {
    return this.#remember(this.#checkpoints, `${toHex(log.logId)} ${note}`, () =>
      findSignedCheckpoint(crypto, note, log),
    );
  }

  async #learn(crypto: Crypto, der: Bytes): Promise<KnownCertificate> {
    const certificate = reading("sigstore/bundle-malformed", "the certificate", () => parseCertificate(der));
    const authorities = await findIssuingAuthorities(
      crypto,
      certificate,
      this.#root.authorities,
      this.issuance,
    );
    const issued = [];
    for (const authority of authorities) {
      const [issuer] = authority.chain;
      if (!issuer) continue;
      const scts = await verifyCertificateTimestamps(crypto, certificate, issuer, this.#root.certificateLogs);
      issued.push({ authority, scts });
    }
    return { certificate, issued };
  }

  #remember<T>(known: Map<string, Promise<T>>, key: string, learn: () => Promise<T>): Promise<T> {
    const answer = known.get(key) ?? learn();
    known.delete(key);
    known.set(key, answer);
    for (const oldest of known.keys()) {
      if (known.size <= this.#limit) break;
      known.delete(oldest);
    }
    return answer;
  }
}
