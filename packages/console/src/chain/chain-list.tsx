import type { ChainPicture, PictureNode } from "custody/graph";
import { useMemo, useState } from "react";

import { shortDigest } from "../parts/digest.tsx";
import { Moment } from "../parts/moment.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";
import type { Place } from "./layout.ts";

interface ChainListProps {
  readonly picture: ChainPicture;
  /** Where they stand in the picture; undefined until that is known. */
  readonly places: ReadonlyMap<string, Place> | undefined;
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
}

const rowsAtOnce = 500;

/** The same chain as a table, in the picture's order: for narrow screens, and for whoever would rather read. */
export function ChainList({ picture, places, selected, onSelect }: ChainListProps) {
  const [shownCount, setShownCount] = useState(rowsAtOnce);
  const nodes = useMemo(() => {
    const rankOf = ({ id }: PictureNode): number => places?.get(id)?.x ?? 0;
    return picture.nodes.toSorted((a, b) => rankOf(a) - rankOf(b));
  }, [picture, places]);
  const columns = useMemo(() => columnsOf({ picture, selected, onSelect }), [picture, selected, onSelect]);
  const left = nodes.length - shownCount;
  return (
    <div className="card flush">
      <Table
        columns={columns}
        rows={nodes.slice(0, shownCount)}
        keyOf={({ id }) => id}
        isSelected={({ id }) => id === selected}
      />
      {left > 0 && (
        <button type="button" onClick={() => setShownCount(shownCount + rowsAtOnce)}>
          {Math.min(left, rowsAtOnce)} more of {left}
        </button>
      )}
    </div>
  );
}

function columnsOf({ picture, selected, onSelect }: Omit<ChainListProps, "places">): Column<PictureNode>[] {
  const incoming = Map.groupBy(picture.edges, ({ to }) => to);
  return [
    {
      head: "What",
      cell: ({ id, title }) => (
        <button type="button" className="plain" aria-pressed={id === selected} onClick={() => onSelect(id)}>
          {title}
        </button>
      ),
    },
    { head: "State", cell: ({ state }) => <StateBadge state={state} /> },
    { head: "In words", cell: ({ detail }) => detail },
    {
      head: "Takes in",
      cell: ({ id }) =>
        incoming.get(id)?.map(({ from, digests, state }) => (
          <div key={from} className="mono">
            {digests[0] === undefined ? state : shortDigest(digests[0])}
          </div>
        )),
    },
    { head: "Signed", cell: ({ at }) => at !== undefined && <Moment at={at} /> },
  ];
}
