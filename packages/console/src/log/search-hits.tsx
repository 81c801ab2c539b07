import { Link } from "@tanstack/react-router";
import type { SearchHit, SearchResult } from "custody/log-index";

import { Moment } from "../parts/moment.tsx";
import { Empty } from "../parts/notices.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";
import { withinTime } from "./search-address.ts";
import type { LogSearch } from "../search-shapes.ts";

interface SearchHitsProps {
  readonly result: SearchResult;
  readonly search: LogSearch;
  /** How many entries the log has by now. */
  readonly size: number;
  readonly onAgain: () => void;
}

/** What was found, and what is proven about it. */
export function SearchHits({ result, search, size, onAgain }: SearchHitsProps) {
  const { positions, covered, hits } = result;
  const within = withinTime(hits, search);
  return (
    <>
      <div role="status" className="banner" data-state="verified">
        <h2>
          {positions.length} of the first {covered} entries{" "}
          <StateBadge state="verified">verified complete up to size {covered}</StateBadge>
        </h2>
        <p>
          Each entry was found in the log’s tree, and the index that names them all is signed by the log and
          on public record: none was left out.
          {within.length < hits.length && ` ${within.length} of ${hits.length} are within the time.`}
          {hits.length < positions.length && ` ${hits.length} are shown so far.`}
        </p>
        {size > covered && (
          <div>
            <button type="button" onClick={onAgain}>
              the log has {size} entries by now: search again
            </button>
          </div>
        )}
      </div>
      {within.length > 0 ? <HitTable hits={within} /> : <NoHits hits={hits} />}
    </>
  );
}

function NoHits({ hits }: { readonly hits: readonly SearchHit[] }) {
  return hits.length > 0 ? (
    <Empty title="None of them is within the time">
      <p>Widen the time. An entry that a bare key signed says no time, and is within none.</p>
    </Empty>
  ) : (
    <Empty title="The log holds nothing of the kind">
      <p>
        That is proven too. Words must be whole: a digest with its algorithm, an identity with its issuer.
      </p>
    </Empty>
  );
}

const columns: readonly Column<SearchHit>[] = [
  {
    head: "Entry",
    cell: ({ index }) => (
      <Link to="/log/entries/$index" params={{ index: String(index) }} className="number">
        {index}
      </Link>
    ),
  },
  {
    head: "Signed",
    cell: ({ signedAt }) =>
      signedAt === undefined ? <span className="quiet">unknown</span> : <Moment at={signedAt} />,
  },
  { head: "What it says", cell: ({ rendering }) => <span>{rendering}</span> },
];

function HitTable({ hits }: { readonly hits: readonly SearchHit[] }) {
  return (
    <div className="card flush">
      <Table caption="entries that were found" columns={columns} rows={hits} keyOf={({ index }) => index} />
    </div>
  );
}
