import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Moment } from "../parts/moment.tsx";
import { Empty, Loading } from "../parts/notices.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";
import { verify } from "../verify/verifier-client.ts";
import { NoteButtons, saveNote } from "./alarm-banner.tsx";
import { keptCheckpoints } from "./kept.ts";
import type { CheckpointReport, ConsistencyReport } from "./messages.ts";
import { NotVerified } from "./not-verified.tsx";
import { seenOf } from "./seen.ts";
import type { SeenCheckpoint } from "./seen.ts";
import type { LookedAtLog } from "./use-log.ts";

interface SeenCheckpointsProps {
  readonly log: LookedAtLog;
  readonly current: CheckpointReport;
}

/** The checkpoints that this browser saw and keeps, each proven to be part of the one now; and any two held to each other. */
export function SeenCheckpoints({ log, current }: SeenCheckpointsProps) {
  const seen = seenOf(keptCheckpoints.use(), current.vkey).toReversed();
  if (seen.length < 2)
    return (
      <Empty title="This browser has seen no other checkpoint yet">
        <p>
          Each one that it sees from now on is kept here and held to those before, so that the log cannot
          change what it has shown.
        </p>
      </Empty>
    );
  return (
    <section className="card stack" aria-labelledby="seen">
      <h2 id="seen">Checkpoints that this browser has seen</h2>
      <Compare log={log} seen={seen} />
      <Table columns={columnsOf(log, current)} rows={seen} keyOf={keyOf} />
    </section>
  );
}

function columnsOf(log: LookedAtLog, current: CheckpointReport): Column<SeenCheckpoint>[] {
  return [
    { head: "Entries", cell: ({ size }) => <span className="number">{size}</span> },
    { head: "First seen", cell: ({ at }) => <Moment at={at} /> },
    { head: "Root", cell: ({ rootHash }) => <code>{rootHash.slice(0, 16)}…</code> },
    { head: "In the one now", cell: ({ note }) => <Held log={log} notes={[note, current.note]} /> },
    {
      head: "Note",
      cell: ({ size, note, origin }) => (
        <button
          type="button"
          onClick={() => saveNote(note, `${origin}-${size}`)}
          aria-label={`save the note of ${size} entries`}
        >
          save
        </button>
      ),
    },
  ];
}

function Held({ log, notes }: { readonly log: LookedAtLog; readonly notes: readonly [string, string] }) {
  const { data, error } = useConsistency(log, notes);
  return error ? <StateBadge state="undecided" /> : <Outcome outcome={data?.outcome} />;
}

function Outcome({ outcome }: { readonly outcome: ConsistencyReport["outcome"] | undefined }) {
  switch (outcome?.kind) {
    case undefined:
      return <StateBadge state="checking" />;
    case "consistent":
      return <StateBadge state="verified">proven here</StateBadge>;
    case "forked":
      return <StateBadge state="refused">forked</StateBadge>;
    case "unproven":
      return <StateBadge state="undecided">not shown</StateBadge>;
    default:
      return outcome satisfies never;
  }
}

interface CompareProps {
  readonly log: LookedAtLog;
  readonly seen: readonly SeenCheckpoint[];
}

function Compare({ log, seen }: CompareProps) {
  const [first, setFirst] = useState<string>();
  const [second, setSecond] = useState<string>();
  const find = (key: string | undefined): SeenCheckpoint | undefined =>
    seen.find((one) => keyOf(one) === key);
  const [a, b] = [find(first) ?? seen.at(-1), find(second) ?? seen[0]];
  const choice = (title: string, chosen: SeenCheckpoint | undefined, choose: (key: string) => void) => (
    <label>
      {title}
      <select value={chosen && keyOf(chosen)} onChange={({ target }) => choose(target.value)}>
        {seen.map((one) => (
          <option key={keyOf(one)} value={keyOf(one)}>
            {one.size} entries, {one.rootHash.slice(0, 8)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      <div className="row" role="group" aria-label="hold two checkpoints to each other">
        {choice("hold", a, setFirst)}
        {choice("to", b, setSecond)}
      </div>
      {a && b && <Compared log={log} a={a} b={b} />}
    </>
  );
}

function Compared({
  log,
  a,
  b,
}: {
  readonly log: LookedAtLog;
  readonly a: SeenCheckpoint;
  readonly b: SeenCheckpoint;
}) {
  const { data, error } = useConsistency(log, [a.note, b.note]);
  if (error) return <NotVerified what="that the two are one log" error={error} />;
  if (!data) return <Loading what="the proof" />;
  const { older, newer, outcome } = data;
  if (outcome.kind === "consistent")
    return (
      <div role="status" className="banner" data-state="verified">
        <p>
          <StateBadge state="verified">proven here</StateBadge> The tree of {newer.size} entries begins with
          the tree of {older.size}: nothing of it was changed or taken away.
        </p>
        <details>
          <summary>The proof: {outcome.hashes.length} hashes, out of the log’s tiles</summary>
          <ol className="checks">
            {outcome.hashes.map((hash) => (
              <li key={hash}>
                <code>{hash}</code>
              </li>
            ))}
          </ol>
        </details>
      </div>
    );
  return (
    <div role="alert" className="banner alarm" data-state="refused">
      <h2>
        {outcome.kind === "forked" ? "These are two histories" : "The log does not show that they are one"}
      </h2>
      <p>{outcome.message}</p>
      <NoteButtons origin={a.origin} before={a} now={b} />
    </div>
  );
}

function useConsistency({ origin, trust: { texts } }: LookedAtLog, notes: readonly [string, string]) {
  return useQuery({
    queryKey: ["log", "consistency", origin, notes, texts],
    queryFn: () =>
      texts
        ? verify({ kind: "log-consistency", origin, trust: texts, notes }, "log-consistency")
        : Promise.reject(new Error("no trust yet")),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function keyOf({ size, rootHash }: SeenCheckpoint): string {
  return `${size} ${rootHash}`;
}
