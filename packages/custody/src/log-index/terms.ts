import type { Statement } from "custody/evidence";
import type { Bytes, Crypto, Instant } from "custody/ground";
import { utf8 } from "custody/ground";
import { findLoggedStatement } from "custody/sigstore";

/**
 * By what entries are found, written as one text each: `identity ISSUER NAME`, `key sha256:HEX`, `digest sha256:HEX` (of the
 * artifact, or of the envelope's payload), all from the entry itself; `subject ALGORITHM:HEX` and `type URI`, from the statement
 * whose payload the entry names.
 */
export type IndexTerm = string & { readonly brand: "IndexTerm" };

// A word's own spaces and signs of percent are written as URLs write them: two lists of words are never one text.
function termOf(kind: string, ...words: readonly string[]): IndexTerm {
  const written = words.map((word) => word.replaceAll(/[% \p{Cc}]/gu, encodeURIComponent));
  return [kind, ...written].join(" ") as IndexTerm;
}

export const indexTerms = {
  identity: (issuer: string, name: string): IndexTerm => termOf("identity", issuer, name),
  key: (digest: string): IndexTerm => termOf("key", digest),
  digest: (digest: string): IndexTerm => termOf("digest", digest),
  subject: (digest: string): IndexTerm => termOf("subject", digest),
  type: (uri: string): IndexTerm => termOf("type", uri),
} as const;

/** What a log's entry is found by, and the digest of the payload that it names, where it is an envelope's. */
export interface EntryTerms {
  readonly terms: readonly IndexTerm[];
  readonly payload: string | undefined;
  /** When the first signer's certificate begins; undefined where there is none. */
  readonly signedAt: Instant | undefined;
}

/** An entry that is none of Rekor v2's is found by nothing. */
export function termsOfEntry(hasher: Pick<Crypto, "sha256">, entry: Uint8Array): EntryTerms {
  const logged = findLoggedStatement(hasher, entry);
  if (!logged) return { terms: [], payload: undefined, signedAt: undefined };
  const signers = logged.signers.flatMap(({ key, identity, issuer }) => [
    indexTerms.key(key),
    ...(identity === undefined || issuer === undefined ? [] : [indexTerms.identity(issuer, identity)]),
  ]);
  return {
    terms: [...new Set([indexTerms.digest(logged.digest), ...signers])],
    payload: logged.kind === "dsse" ? logged.digest : undefined,
    signedAt: logged.signers[0]?.certifiedFrom,
  };
}

/** What a statement adds to that. */
export function termsOfStatement({ subject, predicateType }: Statement): readonly IndexTerm[] {
  const digests = subject.flatMap(({ digest }) =>
    Object.entries(digest).map(([name, hex]) => `${name}:${hex}`),
  );
  return [...new Set([indexTerms.type(predicateType), ...digests.map(indexTerms.subject)])];
}

/** Under which an index keeps a term: SHA-256 of its text. */
export function termKey(hasher: Pick<Crypto, "sha256">, term: IndexTerm): Bytes {
  return hasher.sha256(utf8(term));
}
