import { leftOutFault } from "./faults.ts";
import type { Positions } from "./index-tree.ts";
import type { SearchHit, SearchPage } from "./verify-search.ts";

/** All pages that were read of one search. */
export interface SearchResult {
  readonly positions: Positions;
  /** Up to how many entries of the log the result is complete. */
  readonly covered: number;
  readonly hits: readonly SearchHit[];
  readonly next: number | undefined;
}

/**
 * The pages of one search in their order, as one result. The log may have grown from one to the next.
 *
 * @throws CustodyError `log-index/proof` where a later page knows of less than an earlier one.
 */
export function joinPages(pages: readonly [SearchPage, ...SearchPage[]]): SearchResult {
  let positions: Positions = [];
  let from = 0;
  for (const page of pages) {
    const rest = page.positions.filter((position) => position >= from);
    const known = new Set(rest);
    if (positions.some((position) => position >= from && !known.has(position))) throw leftOutFault();
    positions = [...positions.filter((position) => position < from), ...rest];
    from = page.next ?? Number.POSITIVE_INFINITY;
  }
  return {
    positions,
    covered: Math.min(...pages.map(({ covers }) => covers.size)),
    hits: pages.flatMap(({ hits }) => hits),
    next: pages.at(-1)?.next,
  };
}
