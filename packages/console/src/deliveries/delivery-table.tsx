import { Link } from "@tanstack/react-router";

import type { ShownDelivery } from "../api/shapes.ts";
import { ChainLink } from "../parts/chain-link.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty } from "../parts/notices.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";
import { PhaseBadge } from "./phase-badge.tsx";

const columns: readonly Column<ShownDelivery>[] = [
  {
    head: "Delivery",
    cell: ({ id, repository }) => (
      <Link to="/deliveries/$id" params={{ id }}>
        {repository}
      </Link>
    ),
  },
  {
    head: "Stands at",
    cell: ({ phase, state: { reasons } }) => (
      <div>
        <PhaseBadge phase={phase} />
        {reasons[0] && <div className="mono">{reasons[0].code}</div>}
      </div>
    ),
  },
  { head: "Commit", cell: ({ commit }) => <ChainLink digest={commit} /> },
  { head: "Image", cell: ({ state: { image } }) => image !== undefined && <ChainLink digest={image} /> },
  { head: "Begun", cell: ({ createdAt }) => <Moment at={createdAt} /> },
];

/** Deliveries, the newest first. */
export function DeliveryTable({ deliveries }: { readonly deliveries: readonly ShownDelivery[] }) {
  return (
    <div className="card flush">
      <Table columns={columns} rows={deliveries} keyOf={({ id }) => id} />
    </div>
  );
}

/** That there are none, and how there will be one. */
export function NoDeliveries() {
  return (
    <Empty title="Nothing was delivered yet">
      <p>
        In a git repository with a custody.yaml: <code>custody policy set</code>, then{" "}
        <code>custody deliver</code>.
      </p>
    </Empty>
  );
}
