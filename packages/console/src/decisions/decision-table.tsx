import { Link } from "@tanstack/react-router";

import type { ShownDecision } from "../api/shapes.ts";
import { ChainLink } from "../parts/chain-link.tsx";
import { Moment } from "../parts/moment.tsx";
import { StateBadge, verdictStates } from "../parts/state-badge.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";

const columns: readonly Column<ShownDecision>[] = [
  {
    head: "Gate",
    cell: ({ id, gate }) => (
      <Link to="/decisions/$id" params={{ id: String(id) }}>
        {gate}
      </Link>
    ),
  },
  {
    head: "Answer",
    cell: ({ verdict }) => <StateBadge state={verdictStates[verdict] ?? "undecided"}>{verdict}</StateBadge>,
  },
  { head: "Repository", cell: ({ repository }) => repository },
  { head: "About", cell: ({ subject }) => <ChainLink digest={subject} /> },
  {
    head: "Why",
    className: "mono",
    cell: ({ reasons }) => [...new Set(reasons.map(({ code }) => code))].join(", "),
  },
  { head: "Times", className: "number", cell: ({ times }) => times },
  { head: "Last", cell: ({ lastAt }) => <Moment at={lastAt} /> },
];

/** Decisions of the gates, the newest first; the same answer on the same facts is one line. */
export function DecisionTable({ decisions }: { readonly decisions: readonly ShownDecision[] }) {
  return (
    <div className="card flush">
      <Table columns={columns} rows={decisions} keyOf={({ id }) => id} />
    </div>
  );
}
