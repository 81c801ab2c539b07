import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { SearchWords } from "custody/log-index";

import { Empty, Loading } from "../parts/notices.tsx";
import type { TrustTexts } from "../verify/messages.ts";
import { LogPage } from "./log-page.tsx";
import type { CheckpointReport } from "./messages.ts";
import { NotVerified } from "./not-verified.tsx";
import { askPage, joinReports } from "./ask-page.ts";
import { wordsOf } from "./search-address.ts";
import type { LogSearch } from "../search-shapes.ts";
import { SearchForm } from "./search-form.tsx";
import { SearchHits } from "./search-hits.tsx";
import { useLogOf } from "./use-log.ts";

/** `/log`: what the log holds of one thing, proven in this browser to be all. */
export function LogView() {
  const search: LogSearch = useSearch({ strict: false });
  const log = useLogOf(undefined);
  const words = wordsOf(search);
  const { texts } = log.trust;
  return (
    <LogPage title="Log" log={log} isOfAnyShard={false}>
      {({ checkpoint }) => (
        <>
          <SearchForm key={JSON.stringify(search)} search={search} />
          {words && texts ? (
            <Found {...{ words, search, trust: texts, checkpoint }} />
          ) : (
            <Empty title="Everything that was signed here is in the log">
              <p>
                Search for whatever a signature is about, who made it, or what kind of statement it is. The
                answer comes with proof that nothing was left out, which this browser checks.
              </p>
            </Empty>
          )}
        </>
      )}
    </LogPage>
  );
}

interface FoundProps {
  readonly words: SearchWords;
  readonly search: LogSearch;
  readonly trust: TrustTexts;
  readonly checkpoint: CheckpointReport;
}

function Found({ words, search, trust, checkpoint }: FoundProps) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ["log", "search", words, trust],
    queryFn: ({ pageParam, signal }) =>
      askPage({ words, trust, checkpoint: checkpoint.note, from: pageParam, signal }),
    initialPageParam: 0,
    getNextPageParam: ({ page }) => page.next,
    staleTime: 60_000,
  });
  const joined = data && joinReports(data.pages);
  const fault = error ?? (joined instanceof Error ? joined : undefined);
  if (fault) return <NotVerified what="the answer" error={fault} />;
  if (!joined || joined instanceof Error) return <Loading what="the entries and their proofs" />;
  return (
    <>
      <SearchHits result={joined} search={search} size={checkpoint.size} onAgain={() => void refetch()} />
      {hasNextPage && (
        <div>
          <button type="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            more of the {joined.positions.length} entries
          </button>
        </div>
      )}
    </>
  );
}
