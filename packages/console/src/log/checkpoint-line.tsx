import type { StepState } from "custody/evidence";

import { StateBadge } from "../parts/state-badge.tsx";
import { countText } from "./count-text.ts";
import type { Witnessing } from "./messages.ts";
import { standingOf } from "./standing.ts";
import type { WatchedLog } from "./watch-log.ts";

const witnessed: Readonly<Record<Witnessing["kind"], { readonly state: StepState; readonly word: string }>> =
  {
    satisfied: { state: "verified", word: "witnesses agree" },
    "not-asked": { state: "undecided", word: "no witnesses are asked for" },
    missing: { state: "missing", word: "too few witnesses" },
    bad: { state: "refused", word: "a witness’s signature is bad" },
  };

/** The log in one line: how long it is, whether it goes on from before, and whether its witnesses agree. */
export function CheckpointLine({ watched }: { readonly watched: WatchedLog }) {
  const { origin, size, witnessing } = watched.checkpoint;
  const standing = standingOf(watched);
  const { state, word } = witnessed[witnessing.kind];
  return (
    <div className="row">
      <span>
        <strong className="number">{countText(size, "entry", "entries")}</strong> in <code>{origin}</code>
      </span>
      <StateBadge state={standing.state}>{standing.word}</StateBadge>
      <StateBadge state={state}>{word}</StateBadge>
    </div>
  );
}

/** What is missing of the witnesses, in a sentence. */
export function WitnessNote({ witnessing }: { readonly witnessing: Witnessing }) {
  if (witnessing.kind === "satisfied") return null;
  if (witnessing.kind === "not-asked")
    return (
      <p className="quiet">
        The trusted root asks for no witnesses: that everybody is shown this same log rests on the log alone.
      </p>
    );
  return (
    <p className="banner" data-state={witnessed[witnessing.kind].state}>
      {witnessing.message}
    </p>
  );
}
