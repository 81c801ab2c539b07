import { CustodyError, parseJson, utf8 } from "custody/ground";
import { findTerm, parseSearchAnswer, verifySearchPage } from "custody/log-index";
import type { SearchWords } from "custody/log-index";

import type { SearchReport } from "../messages.ts";
import { compareTrees } from "./prove-consistency.ts";
import { getCheckpoint, getLog } from "./trusted-log.ts";
import type { Prover } from "./trusted-log.ts";

const limits = { sizeBytes: 96 * 1024 * 1024, values: 1_000_000 };

/** What was asked, the server's answer as it came, and a checkpoint that this browser knows. */
export interface AnsweredSearch {
  readonly origin: string | undefined;
  readonly words: SearchWords;
  readonly from: number;
  readonly answer: string;
  readonly checkpoint: string;
}

/**
 * One page of a search, from its bytes on: proven complete and included, in trees that are of one log with the checkpoint.
 *
 * @throws CustodyError `console/question` for words that ask nothing, `console/other-tree`; `log-index/…`, `merkle/…`, `note/…`, `json/…`.
 */
export async function verifyFound(
  prover: Prover,
  { origin, words, from, answer, checkpoint }: AnsweredSearch,
): Promise<SearchReport> {
  const term = findTerm(words);
  if (term === undefined)
    throw new CustodyError("console/question", "an identity is searched for with its issuer, all else alone");
  const known = await getCheckpoint(prover, origin, checkpoint);
  const log = getLog(prover.root, origin);
  const parsed = parseSearchAnswer(parseJson(utf8(answer), limits));
  const page = await verifySearchPage(prover.crypto, { log, term, from }, parsed);
  for (const tree of page.trees) {
    const [older, newer] = tree.size <= known.size ? [tree, known] : [known, tree];
    const outcome = await compareTrees(prover, older, newer);
    if (outcome.kind !== "consistent") throw otherTree(outcome.message);
  }
  return { kind: "log-search", page, term };
}

function otherTree(why: string): CustodyError {
  return new CustodyError(
    "console/other-tree",
    `the answer is of another tree than the checkpoint's: ${why}`,
  );
}
