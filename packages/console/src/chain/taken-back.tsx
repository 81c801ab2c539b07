import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { askText } from "../api/ask-text.ts";
import { Loading } from "../parts/notices.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import type { TrustTexts } from "../verify/messages.ts";
import { askPage } from "../log/ask-page.ts";
import { logAddress } from "../log/log-address.ts";
import type { SearchReport } from "../log/messages.ts";
import { NotVerified } from "../log/not-verified.tsx";

interface TakenBackProps {
  /** SHA-256 of the attestation's payload, in hexadecimal. */
  readonly payload: string;
  readonly trust: TrustTexts;
}

/**
 * Whether somebody has taken an attestation back. A server can leave a withdrawal out of a chain; it cannot leave it out of a
 * search of the log, whose answer is proven to be complete.
 */
export function TakenBack({ payload, trust }: TakenBackProps) {
  const [isAsked, setAsked] = useState(false);
  const { data, error } = useQuery({
    queryKey: ["log", "taken-back", payload, trust],
    queryFn: ({ signal }) => search({ payload, trust }, signal),
    enabled: isAsked,
    staleTime: 0,
  });
  if (!isAsked)
    return (
      <div>
        <button type="button" onClick={() => setAsked(true)}>
          look in the log whether it was taken back
        </button>
      </div>
    );
  if (error) return <NotVerified what="that nothing takes it back" error={error} />;
  if (!data) return <Loading what="the log’s answer and its proof" />;
  return <Found page={data.page} payload={payload} />;
}

function Found({ page, payload }: { readonly page: SearchReport["page"]; readonly payload: string }) {
  const { positions, hits, covers } = page;
  if (positions.length === 0)
    return (
      <p role="status" className="banner" data-state="verified">
        <StateBadge state="verified">proven here</StateBadge> Nothing takes it back among the first{" "}
        {covers.size} entries of the log.
      </p>
    );
  return (
    <div role="alert" className="banner" data-state="withdrawn">
      <h3>The log says something about this attestation</h3>
      <ul>
        {hits.map(({ index, rendering }) => (
          <li key={index}>
            <Link to="/log/entries/$index" params={{ index: String(index) }}>
              entry {index}
            </Link>
            : {rendering}
          </li>
        ))}
      </ul>
      {hits.length < positions.length && (
        <Link to="/log" search={{ by: "subject", value: `sha256:${payload}` }}>
          all {positions.length} entries
        </Link>
      )}
    </div>
  );
}

async function search({ payload, trust }: TakenBackProps, signal: AbortSignal): Promise<SearchReport> {
  const checkpoint = await askText(`${logAddress(undefined)}/checkpoint`, { cache: "no-store", signal });
  return askPage({ words: { subject: `sha256:${payload}` }, trust, checkpoint, from: 0, signal });
}
