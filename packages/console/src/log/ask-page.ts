import { joinPages } from "custody/log-index";
import type { SearchResult, SearchWords } from "custody/log-index";

import { askText } from "../api/ask-text.ts";
import type { TrustTexts } from "../verify/messages.ts";
import { verify } from "../verify/verifier-client.ts";
import type { SearchReport } from "./messages.ts";
import { searchPath } from "./search-address.ts";

/** One page of a search, and the checkpoint (a signed note) that its answer is held to. */
export interface AskedPage {
  readonly words: SearchWords;
  readonly trust: TrustTexts;
  readonly checkpoint: string;
  readonly from: number;
  readonly signal: AbortSignal;
}

/** Asks the server for a page of a search, and has its proofs verified. */
export async function askPage({ signal, ...asked }: AskedPage): Promise<SearchReport> {
  const answer = await askText(searchPath(asked.words, asked.from), { signal });
  return verify({ kind: "log-search", answer, origin: undefined, ...asked }, "log-search");
}

/** The pages as one; why not, where a later one knows of less than an earlier one. */
export function joinReports(pages: readonly SearchReport[]): SearchResult | Error | undefined {
  const [first, ...rest] = pages.map(({ page }) => page);
  try {
    return first && joinPages([first, ...rest]);
  } catch (error) {
    return error as Error;
  }
}
