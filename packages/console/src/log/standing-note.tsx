import { NoteButtons } from "./alarm-banner.tsx";
import { nextStepOf } from "./next-step.ts";
import { isOlderThanSeen } from "./watch-log.ts";
import type { WatchedLog } from "./watch-log.ts";

/** What the checkpoint leaves open against what this browser saw before, as long as it does; a fork is an alarm besides. */
export function StandingNote({ watched }: { readonly watched: WatchedLog }) {
  switch (watched.since?.outcome.kind) {
    case "unproven":
      return <Unproven watched={watched} />;
    case "consistent":
      return isOlderThanSeen(watched) && <Older watched={watched} />;
    default:
      return null;
  }
}

/** An earlier tree of this same log: nothing against the log, but what came since is not shown. */
function Older({ watched: { before, checkpoint } }: { readonly watched: WatchedLog }) {
  return (
    <section role="status" className="banner" data-state="missing">
      <h2>The server shows an older checkpoint than before</h2>
      <p>
        It is of {checkpoint.size} entries; this browser has seen one of {before?.size}. The older tree is
        part of the newer one, proven here: nothing was changed, and every log has signed such a note once. A
        cache, a server that was restored, or somebody between may show it.
      </p>
      <p>
        What was logged since does not show here. This note goes when a newer checkpoint comes; if it stays,
        ask the server’s operator.
      </p>
    </section>
  );
}

/** The log's own tiles do not show how its checkpoint stands to what this browser saw before. */
function Unproven({ watched }: { readonly watched: WatchedLog }) {
  const { before, since, checkpoint } = watched;
  if (!before || since?.outcome.kind !== "unproven") return null;
  const { code, message } = since.outcome;
  const isOlder = isOlderThanSeen(watched);
  return (
    <section role="alert" className="banner alarm" data-state="undecided">
      <h2>
        <span aria-hidden="true">⚠</span>{" "}
        {isOlder
          ? "The server shows an older checkpoint, and not that it is of the same log"
          : "The log does not prove that it goes on from what it was"}
      </h2>
      <code className="code">{code}</code>
      <p>
        The log signed the tree of {checkpoint.size} entries that the server shows, and the tree of{" "}
        {before.size} that this browser saw before. That the larger begins with the smaller, the tiles do not
        show: {message}. Whether the two are one log is not decided.
      </p>
      <p>Next: {nextStepOf(code)}.</p>
      <NoteButtons origin={checkpoint.origin} before={before} now={checkpoint} />
    </section>
  );
}
