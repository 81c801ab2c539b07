import type { StepState } from "custody/evidence";

import { isOlderThanSeen } from "./watch-log.ts";
import type { WatchedLog } from "./watch-log.ts";

/** How the log stands to what this browser knew of it, in a word. */
export interface Standing {
  readonly state: StepState;
  readonly word: string;
}

/** A checkpoint that the log signed is verified only as far as it goes on from those before. */
export function standingOf(watched: WatchedLog): Standing {
  const { outcome } = watched.since ?? {};
  if (outcome?.kind === "forked")
    return { state: "refused", word: "signed, and of another history than before" };
  if (outcome?.kind === "unproven")
    return { state: "undecided", word: "signed; whether it is the log of before is not decided" };
  if (isOlderThanSeen(watched)) return { state: "missing", word: "signed, and older than one seen before" };
  return { state: "verified", word: "checkpoint verified here" };
}
