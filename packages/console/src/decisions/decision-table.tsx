import { Link } from "@tanstack/react-router";

import type { ShownDecision } from "../api/shapes.ts";
import { shortDigest } from "../parts/digest.tsx";
import { Moment } from "../parts/moment.tsx";
import { StateBadge, verdictStates } from "../parts/state-badge.tsx";

/** Decisions of the gates, the newest first; the same answer on the same facts is one line. */
export function DecisionTable({ decisions }: { readonly decisions: readonly ShownDecision[] }) {
  return (
    <div className="card flush">
      <table className="folds">
        <thead>
          <tr>
            <th scope="col">Gate</th>
            <th scope="col">Answer</th>
            <th scope="col">Repository</th>
            <th scope="col">About</th>
            <th scope="col">Why</th>
            <th scope="col">Times</th>
            <th scope="col">Last</th>
          </tr>
        </thead>
        <tbody>
          {decisions.map(({ id, gate, verdict, repository, subject, reasons, times, lastAt }) => (
            <tr key={id}>
              <td data-label="Gate">
                <Link to="/decisions/$id" params={{ id: String(id) }}>
                  {gate}
                </Link>
              </td>
              <td data-label="Answer">
                <StateBadge state={verdictStates[verdict] ?? "undecided"}>{verdict}</StateBadge>
              </td>
              <td data-label="Repository">{repository}</td>
              <td data-label="About">
                <Link to="/chain/$" params={{ _splat: subject }} className="mono">
                  {shortDigest(subject)}
                </Link>
              </td>
              <td data-label="Why" className="mono">
                {[...new Set(reasons.map(({ code }) => code))].join(", ")}
              </td>
              <td data-label="Times" className="number">
                {times}
              </td>
              <td data-label="Last">
                <Moment at={lastAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
