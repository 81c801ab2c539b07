import { StateBadge, verdictStates } from "../parts/state-badge.tsx";

/** Where a delivery stands; what the server says of it is no proof. */
export function PhaseBadge({ phase }: { readonly phase: string }) {
  const state = verdictStates[phase];
  return <StateBadge state={state ?? "checking"}>{phase}</StateBadge>;
}
