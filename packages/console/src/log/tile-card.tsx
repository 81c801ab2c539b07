import { Link } from "@tanstack/react-router";
import { tileWidth } from "custody/merkle";

import { StateBadge } from "../parts/state-badge.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";
import type { TileReport } from "./messages.ts";
import { entriesOf, levelsOf, tileAbove, tilePathIn } from "./tile-walk.ts";
import type { TileName } from "./tile-walk.ts";

interface TileCardProps {
  readonly report: TileReport;
  readonly origin: string | undefined;
  readonly size: number;
}

/** One tile: where it is in the tree, that it belongs there, and what it lists. */
export function TileCard({ report, origin, size }: TileCardProps) {
  const { level, index, isFull, hashes, hash, belongs } = report;
  const [first] = entriesOf(report, 0);
  const [, last] = entriesOf(report, hashes.length - 1);
  return (
    <section className="card stack" aria-labelledby="tile">
      <h2 id="tile">
        Tile {index} of level {level}{" "}
        <StateBadge state={belongs ? "verified" : "refused"}>
          {belongs ? "belongs to the tree, verified here" : "does not belong to the tree"}
        </StateBadge>
      </h2>
      <TileWays origin={origin} tile={{ level, index }} size={size} />
      <dl>
        <dt>path</dt>
        <dd>
          <code>{tilePathIn(size, report)}</code>
        </dd>
        <dt>holds</dt>
        <dd>
          {hashes.length} of {tileWidth} hashes{isFull ? ": it is full" : ": it still grows"}, of entries{" "}
          {first} to {last}
        </dd>
        <dt>its hash</dt>
        <dd>
          <code>{hash}</code> <span className="quiet">worked out here</span>
        </dd>
        <dt>above</dt>
        <dd>
          <Above report={report} />
        </dd>
      </dl>
      <HashTable report={report} origin={origin} />
    </section>
  );
}

function Above({ report: { above, hash, belongs } }: { readonly report: TileReport }) {
  if (!above)
    return (
      <>
        No tile lists it yet: with the other last tiles of their levels it{" "}
        {belongs ? "leads" : "does not lead"} to the root that the checkpoint names.
      </>
    );
  return (
    <div data-state={belongs ? "verified" : "refused"}>
      <code>{above.hash || "nothing"}</code>{" "}
      <span className="quiet">
        is what tile {above.index} of level {above.level} lists at {above.place}:{" "}
        {above.hash === hash ? "the same" : "another"}
      </span>
    </div>
  );
}

interface TileWaysProps {
  readonly origin: string | undefined;
  readonly tile: TileName;
  readonly size: number;
}

function TileWays({ origin, tile, size }: TileWaysProps) {
  const { level, index } = tile;
  const tiles = levelsOf(size)[level]?.tiles ?? 0;
  const above = tileAbove(size, tile);
  const link = (to: TileName, name: string) => (
    <Link to="/log/tiles" search={{ log: origin, ...to }} className="button">
      {name}
    </Link>
  );
  return (
    <nav className="row" aria-label="tiles beside this one">
      {above && link(above, "↑ up")}
      {index > 0 && link({ level, index: index - 1 }, "← previous")}
      {index + 1 < tiles && link({ level, index: index + 1 }, "next →")}
      {index + 1 < tiles && link({ level, index: tiles - 1 }, "last")}
    </nav>
  );
}

function HashTable({ report, origin }: { readonly report: TileReport; readonly origin: string | undefined }) {
  const rows = report.hashes.map((hash, place): TileRow => ({ hash, place }));
  return (
    <Table
      className="hashes"
      caption="the hashes that the tile lists"
      columns={columnsOf(report, origin)}
      rows={rows}
      keyOf={({ hash, place }) => `${place} ${hash}`}
    />
  );
}

interface TileRow {
  readonly hash: string;
  readonly place: number;
}

function columnsOf(report: TileReport, origin: string | undefined): Column<TileRow>[] {
  const isOfEntries = report.level === 0;
  const columns: Column<TileRow>[] = [
    {
      head: isOfEntries ? "Entry" : "Tile",
      cell: ({ place }) => <Below report={report} place={place} origin={origin} />,
    },
    { head: "Hash", cell: ({ hash }) => <code title={hash}>{hash}</code> },
  ];
  if (!isOfEntries) return columns;
  const cell = ({ place }: TileRow) => <EntryLine entry={report.entries[place]} />;
  return [...columns, { head: "The entry, hashed here", cell }];
}

interface BelowProps {
  readonly report: TileReport;
  readonly place: number;
  readonly origin: string | undefined;
}

function Below({ report, place, origin }: BelowProps) {
  const { level, index } = report;
  const number = index * tileWidth + place;
  return level === 0 ? (
    <Link
      to="/log/entries/$index"
      params={{ index: String(number) }}
      search={{ log: origin }}
      className="number"
    >
      {number}
    </Link>
  ) : (
    <Link to="/log/tiles" search={{ log: origin, level: level - 1, index: number }} className="number">
      {number}
    </Link>
  );
}

function EntryLine({ entry }: { readonly entry: TileReport["entries"][number] | undefined }) {
  const holds = entry?.holds === true;
  return (
    <span className="row" data-state={holds ? "verified" : "refused"}>
      <StateBadge state={holds ? "verified" : "refused"}>{holds ? "its hash" : "not its hash"}</StateBadge>
      <code>{entry?.line ?? "no entry"}</code>
    </span>
  );
}
