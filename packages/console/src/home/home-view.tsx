import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { decisionsQuery, deliveriesQuery, workloadsQuery } from "../api/queries.ts";
import { DecisionTable } from "../decisions/decision-table.tsx";
import { DeliveryTable, NoDeliveries } from "../deliveries/delivery-table.tsx";
import { Empty, Loading, Trouble } from "../parts/notices.tsx";
import { Page } from "../parts/page.tsx";

const shownCount = 5;

/** `/`: how things stand, and what was refused last. */
export function HomeView() {
  const workloads = useQuery(workloadsQuery);
  const deliveries = useQuery(deliveriesQuery);
  const refused = useQuery(decisionsQuery({ verdict: "refused" }));
  const error = workloads.error ?? deliveries.error ?? refused.error;
  if (error || !workloads.data || !deliveries.data || !refused.data)
    return (
      <Page title="Overview">
        <h1>Overview</h1>
        {error ? <Trouble error={error} /> : <Loading what="how things stand" />}
      </Page>
    );
  const running = workloads.data.filter(({ process }) => process);
  const troubled = workloads.data.filter(({ desired, process }) => desired === "running" && !process);
  const underWay = deliveries.data.filter(
    ({ phase }) => !["done", "refused", "undecided", "failed"].includes(phase),
  );
  return (
    <Page title="Overview">
      <h1>Overview</h1>
      <div className="tiles">
        <Tile count={running.length} to="/running">
          running
        </Tile>
        <Tile count={troubled.length} to="/running">
          that should run and do not
        </Tile>
        <Tile count={underWay.length} to="/deliveries">
          deliveries under way
        </Tile>
        <Tile count={refused.data.reduce((sum, { times }) => sum + times, 0)} to="/decisions">
          refusals
        </Tile>
      </div>
      <h2>Newest deliveries</h2>
      {deliveries.data.length > 0 ? (
        <DeliveryTable deliveries={deliveries.data.slice(0, shownCount)} />
      ) : (
        <NoDeliveries />
      )}
      <h2>Refused last</h2>
      {refused.data.length > 0 ? (
        <DecisionTable decisions={refused.data.slice(0, shownCount)} />
      ) : (
        <Empty title="No gate has refused anything" />
      )}
    </Page>
  );
}

function Tile({
  count,
  to,
  children,
}: {
  readonly count: number;
  readonly to: "/running" | "/deliveries" | "/decisions";
  readonly children: ReactNode;
}) {
  return (
    <Link to={to} className="card tile button">
      <span>
        <strong>{count}</strong>
        {children}
      </span>
    </Link>
  );
}
