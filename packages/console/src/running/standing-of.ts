import type { StepState } from "custody/evidence";

import type { ShownWorkload } from "../api/shapes.ts";
import type { ChainsReport } from "../verify/messages.ts";

/** How a workload stands by what was verified, and the reason's code where it does not stand well. */
export interface Standing {
  readonly state: StepState;
  readonly code: string | undefined;
}

/**
 * Holds a process as the server tells of it to what was verified: verified is the one whose name, pid and image the runtime has
 * attested. A workload without a process stands as its chain does.
 */
export function standingOf(
  { chains, picture }: Pick<ChainsReport, "chains" | "picture">,
  name: string,
  process: ShownWorkload["process"],
): Standing {
  const chain = process ? chains.find(({ image }) => image === process.image) : chains[0];
  if (!chain) return { state: "undecided", code: "console/other-chain" };
  if (chain.state !== "verified" || !process) return { state: chain.state, code: chain.reasons[0]?.code };
  const node = picture.nodes.find(({ id }) => id === `process ${name} ${process.pid}`);
  if (!node) return { state: "undecided", code: "run/unattested" };
  return { state: node.state, code: node.reasons[0]?.code };
}
