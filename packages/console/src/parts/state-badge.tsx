import type { StepState } from "custody/evidence";
import type { ReactNode } from "react";

export type ShownState = StepState | "checking";

/** Each state in a sign and a word: nobody has to tell colours apart. */
export const stateWords: Readonly<Record<ShownState, { readonly sign: string; readonly word: string }>> = {
  verified: { sign: "✓", word: "verified here" },
  refused: { sign: "✕", word: "refused" },
  missing: { sign: "∅", word: "missing" },
  withdrawn: { sign: "↶", word: "withdrawn" },
  undecided: { sign: "?", word: "not decided" },
  checking: { sign: "…", word: "checking" },
};

export function StateBadge({
  state,
  children,
}: {
  readonly state: ShownState;
  readonly children?: ReactNode;
}) {
  const { sign, word } = stateWords[state];
  return (
    <span className="badge" data-state={state === "checking" ? "undecided" : state}>
      <span aria-hidden="true">{sign}</span>
      {children ?? word}
    </span>
  );
}

/** What a gate or the server said, as a state. What is said is not what was verified here. */
export const verdictStates: Readonly<Record<string, StepState>> = {
  allowed: "verified",
  refused: "refused",
  undecided: "undecided",
  done: "verified",
  failed: "refused",
};
