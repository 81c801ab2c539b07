import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { chainsQuery, workloadsQuery } from "../api/queries.ts";
import type { ShownWorkload } from "../api/shapes.ts";
import { shortDigest } from "../parts/digest.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Loading, Trouble } from "../parts/notices.tsx";
import { Page } from "../parts/page.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import { standingOf } from "./standing-of.ts";
import { reportQuery } from "../verify/report-query.ts";
import { useTrust } from "../verify/trust.ts";

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
          <table className="folds">
            <thead>
              <tr>
                <th scope="col">Workload</th>
                <th scope="col">Should</th>
                <th scope="col">Process</th>
                <th scope="col">Since</th>
                <th scope="col">Image</th>
                <th scope="col">Chain</th>
              </tr>
            </thead>
            <tbody>
              {data.map((workload) => (
                <WorkloadRow key={workload.name} workload={workload} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  );
}

function WorkloadRow({ workload }: { readonly workload: ShownWorkload }) {
  const { name, desired, process, image, trouble } = workload;
  return (
    <tr>
      <td data-label="Workload">
        <Link to="/chain/$" params={{ _splat: name }}>
          {name}
        </Link>
      </td>
      <td data-label="Should">{desired === "running" ? "run" : "be stopped"}</td>
      <td data-label="Process">
        {process ? (
          <Link to="/chain/$" params={{ _splat: String(process.pid) }} className="number">
            pid {process.pid} at {process.address}
          </Link>
        ) : (
          <span>{trouble ?? "none"}</span>
        )}
      </td>
      <td data-label="Since">{process && <Moment at={process.startedAt} />}</td>
      <td data-label="Image" className="mono">
        {shortDigest(process?.image ?? image)}
      </td>
      <td data-label="Chain">
        <ChainState workload={workload} />
      </td>
    </tr>
  );
}

// What the server says of a process is verified where the runtime's own word of it is, for this image.
function ChainState({ workload }: { readonly workload: ShownWorkload }) {
  const { name, process } = workload;
  const trust = useTrust();
  const chains = useQuery(chainsQuery(name));
  const question = { thing: name, chains: chains.data, answeredAt: chains.dataUpdatedAt, trust: trust.texts };
  const report = useQuery(reportQuery(question));
  const error = chains.error ?? trust.error ?? report.error;
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
