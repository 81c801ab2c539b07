import type { ChainPicture } from "custody/graph";

import { shortDigest } from "../parts/digest.tsx";
import { Moment } from "../parts/moment.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import type { Place } from "./layout.ts";

interface ChainListProps {
  readonly picture: ChainPicture;
  readonly places: ReadonlyMap<string, Place>;
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
}

/** The same chain as a table, in the picture's order: for narrow screens, and for whoever would rather read. */
export function ChainList({ picture, places, selected, onSelect }: ChainListProps) {
  const rankOf = (id: string): number => places.get(id)?.x ?? 0;
  const nodes = picture.nodes.toSorted((a, b) => rankOf(a.id) - rankOf(b.id));
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
          {nodes.map((node) => (
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
                {picture.edges
                  .filter(({ to }) => to === node.id)
                  .map(({ from, digests, state }) => (
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
    </div>
  );
}
