import type { TraceEvent, TraceOp } from "../runtime/index.ts";

/** What of a trace is shown: all, or notes or failures with the way to them. `debug` is all too. */
export type ExplainMode = "debug" | "fails" | "full" | "notes";

export const explainModes: readonly ExplainMode[] = ["notes", "fails", "full", "debug"];

/** The events that a mode shows. */
export function eventsOf(mode: ExplainMode, events: readonly TraceEvent[]): readonly TraceEvent[] {
  switch (mode) {
    case "notes":
      return withWays(events, "Note");
    case "fails":
      return withWays(events, "Fail");
    default:
      return events;
  }
}

/** The events of one kind, before each the beginnings of the queries that led to it, where they were not shown yet. */
function withWays(events: readonly TraceEvent[], op: TraceOp): readonly TraceEvent[] {
  const shown: TraceEvent[] = [];
  let begun = new Map<number, TraceEvent>();
  for (const event of events) {
    if (event.op === op) {
      shown.push(...wayTo(event, begun), event);
      begun = new Map();
    }
    const begins = (event.op === "Enter" || event.op === "Redo") && event.node.kind !== "expr";
    if (begins) begun.set(event.queryId, event);
  }
  return shown;
}

function wayTo({ queryId }: TraceEvent, begun: ReadonlyMap<number, TraceEvent>): readonly TraceEvent[] {
  const way: TraceEvent[] = [];
  let at = begun.get(queryId);
  while (at) {
    way.unshift(at);
    at = at.parentId === at.queryId ? undefined : begun.get(at.parentId);
  }
  return way;
}
