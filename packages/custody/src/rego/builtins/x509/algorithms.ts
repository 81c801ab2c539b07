import { derOid, derTags, DerReader, toHex } from "custody/ground";
import type { DerValue } from "custody/ground";

/** A signature algorithm: Go's number for it, and its JWA name where tokens have it too. */
export interface SignatureAlgorithm {
  readonly number: number;
  readonly name: string;
}

const unknown: SignatureAlgorithm = { number: 0, name: "" };

const byOid: Readonly<Record<string, SignatureAlgorithm>> = {
  "1.2.840.113549.1.1.4": { number: 2, name: "" },
  "1.2.840.113549.1.1.5": { number: 3, name: "" },
  "1.2.840.113549.1.1.11": { number: 4, name: "RS256" },
  "1.2.840.113549.1.1.12": { number: 5, name: "RS384" },
  "1.2.840.113549.1.1.13": { number: 6, name: "RS512" },
  "1.2.840.10045.4.1": { number: 9, name: "" },
  "1.2.840.10045.4.3.2": { number: 10, name: "ES256" },
  "1.2.840.10045.4.3.3": { number: 11, name: "ES384" },
  "1.2.840.10045.4.3.4": { number: 12, name: "ES512" },
  "1.3.101.112": { number: 16, name: "EdDSA" },
};

const pss = "1.2.840.113549.1.1.10";

/** The last arc of a hash's identifier under 2.16.840.1.101.3.4.2, in hexadecimal where it stands in PSS parameters. */
const pssHashes: Readonly<Record<string, SignatureAlgorithm>> = {
  "01": { number: 13, name: "PS256" },
  "02": { number: 14, name: "PS384" },
  "03": { number: 15, name: "PS512" },
};

/** @param identifier AlgorithmIdentifier (RFC 5280 §4.1.1.2). */
export function signatureAlgorithm(identifier: DerValue): SignatureAlgorithm {
  const oid = derOid(new DerReader(identifier.content).read(derTags.oid));
  if (oid !== pss) return byOid[oid] ?? unknown;
  const [, hash = ""] = /06096086480165030402(0[123])/.exec(toHex(identifier.content)) ?? [];
  return pssHashes[hash] ?? unknown;
}
