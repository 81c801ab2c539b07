import "./log.css";

import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Loading } from "../parts/notices.tsx";
import { Page } from "../parts/page.tsx";
import { TrustNote } from "../verify/trust-note.tsx";
import { useTrustReport } from "../verify/trust.ts";
import { LogAlarms } from "./alarm-banner.tsx";
import { CheckpointLine } from "./checkpoint-line.tsx";
import { NotVerified } from "./not-verified.tsx";
import { StandingNote } from "./standing-note.tsx";
import type { LookedAtLog } from "./use-log.ts";
import type { WatchedLog } from "./watch-log.ts";

const views = [
  ["/log", "Search"],
  ["/log/checkpoints", "Checkpoints"],
  ["/log/tiles", "Tiles"],
] as const;

interface LogPageProps {
  readonly title: string;
  readonly log: LookedAtLog;
  /** Whether shards that have ended are looked at here too; they are not searched. */
  readonly isOfAnyShard?: boolean;
  /** Shown once the log's checkpoint is verified. */
  readonly children: (watched: WatchedLog) => ReactNode;
}

/** What stands around each view of the log: alarms first, then the ways, then how the log stands. */
export function LogPage({ title, log, isOfAnyShard = true, children }: LogPageProps) {
  const { watched, error, trust } = log;
  return (
    <Page title={title}>
      <LogAlarms />
      <div className="row spread">
        <h1>{title}</h1>
        <nav aria-label="the log" className="ways">
          {views.map(([to, name]) => (
            <Link
              key={to}
              to={to}
              search={to === "/log" ? {} : { log: log.origin }}
              activeOptions={{ exact: true, includeSearch: false }}
            >
              {name}
            </Link>
          ))}
        </nav>
      </div>
      {error && <NotVerified what="the log’s checkpoint" error={error} />}
      {!watched && !error && <Loading what="the log’s checkpoint" />}
      {watched && (
        <>
          <div className="row spread">
            <CheckpointLine watched={watched} />
            <ShardChoice log={log} isOfAny={isOfAnyShard} />
          </div>
          <StandingNote watched={watched} />
          {children(watched)}
        </>
      )}
      <TrustNote trust={trust} />
    </Page>
  );
}

// A log has shards; those that have ended are looked at by their names.
function ShardChoice({
  log: { trust, origin },
  isOfAny,
}: {
  readonly log: LookedAtLog;
  readonly isOfAny: boolean;
}) {
  const navigate = useNavigate();
  const { data } = useTrustReport(trust.texts);
  const names = data?.logs ?? [];
  if (names.length < 2) return null;
  if (!isOfAny) return <span className="quiet">of {names.length} shards, this one is searched</span>;
  const choose = (name: string): void => {
    void navigate({ to: ".", search: { log: name === "" ? undefined : name } });
  };
  return (
    <label>
      shard
      <select value={origin ?? ""} onChange={({ target }) => choose(target.value)}>
        <option value="">the one that takes entries</option>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
