import { Link } from "@tanstack/react-router";

import type { ShownDelivery } from "../api/shapes.ts";
import { shortDigest } from "../parts/digest.tsx";
import { Moment } from "../parts/moment.tsx";
import { PhaseBadge } from "./phase-badge.tsx";

/** Deliveries, the newest first. */
export function DeliveryTable({ deliveries }: { readonly deliveries: readonly ShownDelivery[] }) {
  return (
    <div className="card flush">
      <table className="folds">
        <thead>
          <tr>
            <th scope="col">Delivery</th>
            <th scope="col">Stands at</th>
            <th scope="col">Commit</th>
            <th scope="col">Image</th>
            <th scope="col">Begun</th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map(({ id, repository, phase, commit, state, createdAt }) => (
            <tr key={id}>
              <td data-label="Delivery">
                <Link to="/deliveries/$id" params={{ id }}>
                  {repository}
                </Link>
              </td>
              <td data-label="Stands at">
                <div>
                  <PhaseBadge phase={phase} />
                  {state.reasons[0] && <div className="mono">{state.reasons[0].code}</div>}
                </div>
              </td>
              <td data-label="Commit">
                <Link to="/chain/$" params={{ _splat: commit }} className="mono">
                  {shortDigest(commit)}
                </Link>
              </td>
              <td data-label="Image">
                {state.image !== undefined && (
                  <Link to="/chain/$" params={{ _splat: state.image }} className="mono">
                    {shortDigest(state.image)}
                  </Link>
                )}
              </td>
              <td data-label="Begun">
                <Moment at={createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
