import type { WitnessDemand } from "custody/evidence";
import type { PublicKey } from "custody/ground";

import { isNamePattern } from "./glob.ts";
import { sigstoreFault } from "./reasons.ts";

/** What a bundle must be to be believed. */
export interface SigstorePolicy {
  readonly signer: SignerPolicy;
  readonly thresholds?: Thresholds;
  /** What an envelope's statement must be of; without it any will do, and a message signature too. */
  readonly predicateType?: string;
  /** Who must have cosigned the checkpoints of the log entries; nobody where nothing is said. */
  readonly witnesses?: WitnessDemand;
}

/** Whose signature counts. Names are compared whole; a pattern is one only behind `glob:`. */
export type SignerPolicy =
  | { readonly kind: "certificate"; readonly identity: string; readonly issuer: string }
  | { readonly kind: "key"; readonly key: PublicKey };

/** How many must vouch: each log, authority and operator counts once, however often it is there. */
export interface Thresholds {
  /** Transparency logs, by operator; 1 where nothing is said. */
  readonly logs?: number;
  /** Sources of time: timestamp authorities by operator, and logs that signed for their time; 1 where nothing is said. */
  readonly times?: number;
  /** Certificate logs; where nothing is said 1, and 0 under a root that names none. */
  readonly certificateLogs?: number;
}

/** @throws CustodyError `sigstore/policy` for one that asks for nothing: no name, a threshold of 0. */
export function checkPolicy({ signer, thresholds = {} }: SigstorePolicy): void {
  if (signer.kind === "certificate" && !(isNamePattern(signer.identity) && isNamePattern(signer.issuer))) {
    throw policyFault("an identity and an issuer are needed", "name both, or give a key");
  }
  for (const threshold of Object.values(thresholds) as (number | undefined)[]) {
    if (threshold !== undefined && !(Number.isSafeInteger(threshold) && threshold >= 1)) {
      throw policyFault("a threshold is a whole number from 1", "leave it out, or raise it");
    }
  }
}

function policyFault(message: string, next: string): Error {
  return sigstoreFault("sigstore/policy", message, { next });
}
