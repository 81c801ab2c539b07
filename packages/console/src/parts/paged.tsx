import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Loading, Trouble } from "./notices.tsx";

interface PagedProps<Row> {
  readonly pages: UseInfiniteQueryResult<InfiniteData<readonly Row[]>>;
  /** What the rows are, in the plural and with its article. */
  readonly what: string;
  /** What is shown where there are none. */
  readonly empty: ReactNode;
  readonly children: (rows: readonly Row[]) => ReactNode;
}

/** A list that comes page by page, the newest first. */
export function Paged<Row>({ pages, what, empty, children }: PagedProps<Row>) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = pages;
  const rows = data?.pages.flat();
  return (
    <>
      {error && <Trouble error={error} />}
      {!rows && !error && <Loading what={what} />}
      {rows && (rows.length > 0 ? children(rows) : empty)}
      {hasNextPage && (
        <div>
          <button type="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            older ones
          </button>
        </div>
      )}
    </>
  );
}
