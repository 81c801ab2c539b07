import { sha384, sha512 } from "@noble/hashes/sha2.js";
import type { Bytes, Crypto, HashName, PublicKey } from "custody/ground";
import { equalBytes, parseHex, toHex } from "custody/ground";

import { hashOf, schemesOf } from "./key-details.ts";
import { sigstoreFault } from "./reasons.ts";

/** What a signature should be about: the bytes themselves, or what is known of them. */
export type Artifact =
  | { readonly kind: "bytes"; readonly bytes: Bytes }
  | { readonly kind: "digests"; readonly digests: Readonly<Partial<Record<HashName, Bytes>>> };

const digestText = /^(sha256|sha384|sha512):([0-9a-f]+)$/;
const digestBytes: Record<HashName, number> = { sha256: 32, sha384: 48, sha512: 64 };

/** The artifact that `sha256:HEX` (or `sha384:`, `sha512:`) names, or undefined for any other text. */
export function findDigestArtifact(text: string): Artifact | undefined {
  const [, algorithm, hex = ""] = digestText.exec(text) ?? [];
  if (algorithm === undefined || hex.length !== digestBytes[algorithm as HashName] * 2) return undefined;
  return { kind: "digests", digests: { [algorithm]: parseHex(hex) } };
}

/** One artifact during one verification: each of its digests is computed once, when it is asked for. */
export class Subject {
  readonly #crypto: Crypto;
  readonly #artifact: Artifact;
  readonly #digests = new Map<HashName, Bytes>();

  constructor(crypto: Crypto, artifact: Artifact) {
    this.#crypto = crypto;
    this.#artifact = artifact;
  }

  /** Its digest; undefined where only others are known. */
  find(hash: HashName): Bytes | undefined {
    if (this.#artifact.kind === "digests") return this.#artifact.digests[hash];
    const digest = this.#digests.get(hash) ?? digestOfBytes(this.#crypto, hash, this.#artifact.bytes);
    this.#digests.set(hash, digest);
    return digest;
  }

  /** Whether its digest is that one. @throws CustodyError `sigstore/digest-unknown` where only others are known. */
  has(hash: HashName, digest: Uint8Array): boolean {
    const own = this.find(hash);
    if (!own) throw unknownDigest(hash);
    return equalBytes(own, digest);
  }

  /** Whether the key signed it, in one of the ways in which that key signs. */
  async isSignedBy(key: PublicKey, signature: Uint8Array): Promise<boolean> {
    for (const scheme of schemesOf(key)) {
      if (await this.#isSignedAs({ scheme, spki: key.spki }, signature)) return true;
    }
    return false;
  }

  // Logs that hold digests only take Ed25519ph of an Ed25519 key: with the bytes at hand it may be either.
  async #isSignedAs(key: PublicKey, signature: Uint8Array): Promise<boolean> {
    if (this.#artifact.kind === "bytes") {
      if (await this.#crypto.verify(key, signature, this.#artifact.bytes)) return true;
      if (key.scheme !== "ed25519") return false;
    }
    const digest = this.find(hashOf(key.scheme));
    return digest !== undefined && this.#crypto.verifyDigest(key, signature, digest);
  }

  /** Whether a signature of that key could be judged by what is known of the artifact. */
  canBeSignedBy(key: PublicKey): boolean {
    return schemesOf(key).some((scheme) => this.find(hashOf(scheme)) !== undefined);
  }

  /** How it is called where something is said of it. */
  get name(): string {
    const [hash, digest] =
      (["sha256", "sha384", "sha512"] as const)
        .map((each) => [each, this.find(each)] as const)
        .find(([, value]) => value !== undefined) ?? [];
    return digest ? `${hash}:${toHex(digest)}` : "an artifact without a digest";
  }
}

export function unknownDigest(hash: string): Error {
  return sigstoreFault(
    "sigstore/digest-unknown",
    `the ${hash} digest of the artifact is needed and not known`,
  );
}

/** The digest of bytes by that hash. */
export function digestOfBytes(crypto: Crypto, hash: HashName, bytes: Uint8Array): Bytes {
  switch (hash) {
    case "sha256":
      return crypto.sha256(bytes);
    case "sha384":
      return new Uint8Array(sha384(bytes));
    case "sha512":
      return new Uint8Array(sha512(bytes));
    default:
      return hash satisfies never;
  }
}

const hashNames: Readonly<Record<string, HashName>> = {
  SHA2_256: "sha256",
  SHA2_384: "sha384",
  SHA2_512: "sha512",
  sha256: "sha256",
  sha384: "sha384",
  sha512: "sha512",
};

/** The hash that protobuf-specs (`SHA2_256`) and Rekor v1 (`sha256`) call so, or undefined for any other name. */
export function findHashName(name: string): HashName | undefined {
  return Object.hasOwn(hashNames, name) ? hashNames[name] : undefined;
}
