import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { workloadsQuery } from "../api/queries.ts";
import type { ShownWorkload } from "../api/shapes.ts";
import { shortDigest } from "../parts/digest.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Loading, Trouble } from "../parts/notices.tsx";
import { Page } from "../parts/page.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";
import { standingOf } from "./standing-of.ts";
import { reportQuery } from "../verify/report-query.ts";
import { useTrust } from "../verify/trust.ts";

const columns: readonly Column<ShownWorkload>[] = [
  {
    head: "Workload",
    cell: ({ name }) => (
      <Link to="/chain/$" params={{ _splat: name }}>
        {name}
      </Link>
    ),
  },
  { head: "Should", cell: ({ desired }) => (desired === "running" ? "run" : "be stopped") },
  {
    head: "Process",
    cell: ({ process, trouble }) =>
      process ? (
        <Link to="/chain/$" params={{ _splat: String(process.pid) }} className="number">
          pid {process.pid} at {process.address}
        </Link>
      ) : (
        <span>{trouble ?? "none"}</span>
      ),
  },
  { head: "Since", cell: ({ process }) => process && <Moment at={process.startedAt} /> },
  { head: "Image", className: "mono", cell: ({ process, image }) => shortDigest(process?.image ?? image) },
  { head: "Chain", cell: (workload) => <ChainState workload={workload} /> },
];

/** `/running`: what should run, what does, since when, and how its chain stands, verified here. */
export function RunningView() {
  const { data, error } = useQuery(workloadsQuery);
  return (
    <Page title="Running">
      <h1>Running</h1>
      {error && <Trouble error={error} />}
      {!data && !error && <Loading what="the workloads" />}
      {data?.length === 0 && (
        <Empty title="Nothing runs, and nothing should">
          <p>
            A delivery whose custody.yaml has <code>run</code> ends in a process; <code>custody start</code>{" "}
            starts what was stopped.
          </p>
        </Empty>
      )}
      {data && data.length > 0 && (
        <div className="card flush">
          <Table columns={columns} rows={data} keyOf={({ name }) => name} />
        </div>
      )}
    </Page>
  );
}

// What the server says of a process is verified where the runtime's own word of it is, for this image.
function ChainState({ workload }: { readonly workload: ShownWorkload }) {
  const { name, process } = workload;
  const trust = useTrust();
  const report = useQuery(reportQuery({ thing: name, trust: trust.texts }));
  const error = trust.error ?? report.error;
  if (error) return <StateBadge state="undecided">{error.message.slice(0, 80)}</StateBadge>;
  if (!report.data) return <StateBadge state="checking" />;
  const { state, code } = standingOf(report.data, name, process);
  return (
    <>
      <StateBadge state={state} />
      {code !== undefined && <div className="mono">{code}</div>}
    </>
  );
}
