import { items, members, membersOf, value } from "custody/rego/results";
import type { Document } from "custody/rego/results";

import type { DecisionLog } from "./decision-log.ts";
import type { RegoServices } from "./services.ts";

/** How the server is, as OPA's status API has it, and how many decisions were written and dropped. */
export function statusDocument({ labels, bundles, discovery, decisions, plugins }: RegoServices): Document {
  const shown = [...bundles].map(([name, status]) => [name, status.document] as const);
  const states = Object.entries(plugins).map(([name, state]) => [name, members({ state })] as const);
  return members({
    labels: value(labels),
    bundles: shown.length > 0 ? membersOf(shown) : undefined,
    discovery: discovery?.document,
    decision_logs: decisions && decisionLogDocument(decisions),
    plugins: states.length > 0 ? membersOf(states) : undefined,
  });
}

function decisionLogDocument({ lines }: DecisionLog): Document {
  const { lastError, written, dropped } = lines.state;
  return members({
    code: lastError === undefined ? undefined : "decision_log_error",
    message: lastError,
    written,
    dropped,
    errors: lastError === undefined ? undefined : items([lastError]),
  });
}
