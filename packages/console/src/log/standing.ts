import type { StepState } from "custody/evidence";

import type { WatchedLog } from "./watch-log.ts";

/** How the log stands to what this browser knew of it, in a word. */
export interface Standing {
  readonly state: StepState;
  readonly word: string;
}

/** A checkpoint that the log signed is verified only as far as it goes on from those before. */
export function standingOf({ checkpoint, before, since }: WatchedLog): Standing {
  if (since?.outcome.kind === "forked")
    return { state: "refused", word: "signed, and of another history than before" };
  if (since?.outcome.kind === "unproven")
    return { state: "refused", word: "signed, and not shown to go on from before" };
  if (before && checkpoint.size < before.size)
    return { state: "refused", word: "signed, and smaller than before" };
  return { state: "verified", word: "checkpoint verified here" };
}
