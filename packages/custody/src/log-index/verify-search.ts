import { logKeyOf, parseBundle, parseStatement, renderStatement } from "custody/evidence";
import type { Statement, TrustedLog } from "custody/evidence";
import type { Bytes, Crypto, Instant } from "custody/ground";
import { digestOf, equalBytes, toHex, utf8 } from "custody/ground";
import { leafHash, verifyInclusion } from "custody/merkle";
import type { TreeHead } from "custody/merkle";
import { verifyCheckpoint } from "custody/note";

import { commitmentsOriginOf, indexOriginOf, verifyCommitment } from "./commitment.ts";
import { indexFault, leftOutFault } from "./faults.ts";
import { verifyLookup } from "./lookup.ts";
import type { Positions } from "./index-tree.ts";
import type { FoundEntry, LoggedEntry, SearchAnswer } from "./search-answer.ts";
import { termKey, termsOfEntry, termsOfStatement } from "./terms.ts";
import type { IndexTerm } from "./terms.ts";

/** What was asked, and of which log: an answer to another question proves nothing. */
export interface SearchQuestion {
  readonly log: TrustedLog;
  readonly term: IndexTerm;
  /** The least position of the page. */
  readonly from: number;
}

/** An entry that was found, and verified. What it says of itself is out of the log, or of the payload that the log names. */
export interface SearchHit {
  readonly index: number;
  /** When its signer's certificate begins; undefined where a bare key signed. */
  readonly signedAt: Instant | undefined;
  /** One line for people: the statement's, or else what the entry is found by. */
  readonly rendering: string;
  readonly terms: readonly IndexTerm[];
}

/** One page of a search, verified. */
export interface SearchPage {
  /** Where in the log the entries of the term are: all of them, those of other pages too. */
  readonly positions: Positions;
  /** The tree of the log that the index was read from: of what comes after it, nothing is known. */
  readonly covers: TreeHead;
  /** The trees that the log signed for this page, the index's own among them; each once. */
  readonly trees: readonly TreeHead[];
  readonly hits: readonly SearchHit[];
  /** Where the next page begins; undefined after the last. */
  readonly next: number | undefined;
}

/**
 * Holds one page to the index that the log's key signed and that is on record for everybody: each entry is in the log and is of
 * the term, and the page leaves none out.
 *
 * It does not show that the trees are of one log, without forks: that is for whoever knows another checkpoint of it.
 *
 * @throws CustodyError `log-index/proof`, `log-index/commitment`, `merkle/…`, `note/…`; what {@link parseBundle} throws.
 */
export async function verifySearchPage(
  crypto: Crypto,
  question: SearchQuestion,
  answer: SearchAnswer,
): Promise<SearchPage> {
  const { log, term, from } = question;
  const index = await verifyIndex(crypto, log, answer);
  const positions = verifyLookup(crypto, index, termKey(crypto, term), answer.proof);
  const wanted = positions.filter((position) => position >= from);
  const shown = answer.entries;
  const isWhole =
    shown.length <= wanted.length &&
    (shown.length > 0 || wanted.length === 0) &&
    shown.every((entry, i) => entry.index === wanted[i]);
  if (!isWhole) throw leftOutFault();
  const trees: TreeHead[] = [index.covers];
  const hits: SearchHit[] = [];
  for (const entry of shown) {
    trees.push(await verifyLogged(crypto, { log, origin: log.origin }, entry));
    hits.push(hitOf(crypto, term, entry));
  }
  return { positions, covers: index.covers, trees: distinct(trees), hits, next: wanted[shown.length] };
}

async function verifyIndex(
  crypto: Crypto,
  log: TrustedLog,
  { commitment, logged }: SearchAnswer,
): ReturnType<typeof verifyCommitment> {
  const key = logKeyOf(crypto, log, indexOriginOf(log.origin));
  const index = await verifyCommitment(crypto, log.origin, key, commitment);
  await verifyLogged(crypto, { log, origin: commitmentsOriginOf(log.origin) }, logged);
  if (equalBytes(logged.entry, utf8(commitment))) return index;
  throw indexFault(
    "log-index/commitment",
    "another commitment is on record than the one that was answered with",
  );
}

interface SignedLog {
  readonly log: TrustedLog;
  readonly origin: string;
}

// RFC 6962 §2.1.1, under a checkpoint that the log's key signed in that name.
async function verifyLogged(
  crypto: Crypto,
  { log, origin }: SignedLog,
  { index, treeSize, hashes, checkpoint, entry }: LoggedEntry,
): Promise<TreeHead> {
  const logKey = logKeyOf(crypto, log, origin);
  const { size, rootHash } = await verifyCheckpoint(crypto, checkpoint, { origin, logKey });
  if (size !== treeSize)
    throw indexFault("log-index/proof", "the proof is of another tree than the checkpoint's");
  verifyInclusion(crypto, { index, treeSize, leafHash: leafHash(crypto, entry), hashes }, rootHash);
  return { size, rootHash };
}

function hitOf(crypto: Crypto, term: IndexTerm, { index, entry, bundle }: FoundEntry): SearchHit {
  const { terms, payload, signedAt } = termsOfEntry(crypto, entry);
  const statement = bundle && findStatement(crypto, bundle, payload);
  const all = [...terms, ...(statement ? termsOfStatement(statement) : [])];
  if (!all.includes(term)) throw indexFault("log-index/proof", `entry ${index} is not one of ${term}`);
  return {
    index,
    signedAt,
    rendering: statement ? renderStatement(statement) : terms.join(", "),
    terms: all,
  };
}

// The log names the payload by its digest; a bundle of any other says nothing about the entry.
function findStatement(crypto: Crypto, bytes: Bytes, payload: string | undefined): Statement | undefined {
  const { envelope } = parseBundle(bytes);
  return digestOf(crypto, envelope.payload) === payload ? parseStatement(envelope.payload) : undefined;
}

function distinct(trees: readonly TreeHead[]): readonly TreeHead[] {
  return [...new Map(trees.map((tree) => [`${tree.size} ${toHex(tree.rootHash)}`, tree])).values()];
}
