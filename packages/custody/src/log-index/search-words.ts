import { indexTerms } from "./terms.ts";
import type { IndexTerm } from "./terms.ts";

/** What people search a log by: one of these words, or an identity with its issuer. */
export interface SearchWords {
  readonly identity?: string | undefined;
  readonly issuer?: string | undefined;
  readonly subject?: string | undefined;
  readonly type?: string | undefined;
  readonly key?: string | undefined;
  readonly digest?: string | undefined;
}

/**
 * The one term that the words say; undefined for none, for more than one, and for an identity without its issuer.
 *
 * @example findTerm({ type: "https://example.org/p" }) // "type https://example.org/p"
 */
export function findTerm({ identity, issuer, ...words }: SearchWords): IndexTerm | undefined {
  const isHalf = (identity === undefined) !== (issuer === undefined);
  const terms = (["subject", "type", "key", "digest"] as const).flatMap((kind) => {
    const value = words[kind];
    return value === undefined ? [] : [indexTerms[kind](value)];
  });
  if (identity !== undefined && issuer !== undefined) terms.push(indexTerms.identity(issuer, identity));
  return terms.length === 1 && !isHalf ? terms[0] : undefined;
}
