import type { ChainPicture, PictureNode } from "custody/graph";
import { useMemo, useState } from "react";

import { shortDigest } from "../parts/digest.tsx";
import { Moment } from "../parts/moment.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
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
  const incoming = useMemo(() => Map.groupBy(picture.edges, ({ to }) => to), [picture]);
  const nodes = useMemo(() => {
    const rankOf = ({ id }: PictureNode): number => places?.get(id)?.x ?? 0;
    return picture.nodes.toSorted((a, b) => rankOf(a) - rankOf(b));
  }, [picture, places]);
  const left = nodes.length - shownCount;
  return (
    <div className="card flush">
      <table className="folds">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">State</th>
            <th scope="col">In words</th>
            <th scope="col">Takes in</th>
            <th scope="col">Signed</th>
          </tr>
        </thead>
        <tbody>
          {nodes.slice(0, shownCount).map((node) => (
            <tr key={node.id} data-selected={node.id === selected}>
              <td data-label="What">
                <button
                  type="button"
                  className="plain"
                  aria-pressed={node.id === selected}
                  onClick={() => onSelect(node.id)}
                >
                  {node.title}
                </button>
              </td>
              <td data-label="State">
                <StateBadge state={node.state} />
              </td>
              <td data-label="In words">{node.detail}</td>
              <td data-label="Takes in">
                {incoming.get(node.id)?.map(({ from, digests, state }) => (
                  <div key={from} className="mono">
                    {digests[0] === undefined ? state : shortDigest(digests[0])}
                  </div>
                ))}
              </td>
              <td data-label="Signed">{node.at !== undefined && <Moment at={node.at} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && (
        <button type="button" onClick={() => setShownCount(shownCount + rowsAtOnce)}>
          {Math.min(left, rowsAtOnce)} more of {left}
        </button>
      )}
    </div>
  );
}
