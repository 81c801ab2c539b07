import type { TraceEvent } from "../runtime/index.ts";
import { quote, termText } from "../values/index.ts";
import { bodyText, exprText, variableText } from "./expr-text.ts";

export interface TraceTextOptions {
  /** Beside each event, the variables that it is about and their values. */
  readonly values?: boolean;
}

/** What stands between two columns. */
const gap = 5;
const valueLimit = 32;

/** The events as OPA prints them: where, and what, further in for each query within another. */
export function traceLines(
  events: readonly TraceEvent[],
  { values = false }: TraceTextOptions = {},
): readonly string[] {
  const depths = new Map<number, number>();
  const rows = events.map((event) => [
    placeOf(event),
    shown(event, depths),
    ...(values ? [localsText(event)] : []),
  ]);
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)) + gap);
  return rows.map((row) =>
    row.map((cell, i) => (i < row.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell)).join(""),
  );
}

function placeOf({ at }: TraceEvent): string {
  return at.file === "" ? `query:${at.row}` : `${at.file}:${at.row}`;
}

function shown(event: TraceEvent, depths: Map<number, number>): string {
  const { op, queryId, parentId, message } = event;
  const depth = depths.get(queryId) ?? (parentId === queryId ? 0 : (depths.get(parentId) ?? 0)) + 1;
  depths.set(queryId, depth);
  const isOutside = op === "Enter" || (op === "Redo" && event.node.kind !== "expr");
  const padding = "| ".repeat(isOutside ? depth - 1 : depth);
  return `${padding}${op} ${op === "Note" ? quote(message) : nodeText(event)}`;
}

function nodeText({ node }: TraceEvent): string {
  switch (node.kind) {
    case "rule":
      return ["data", ...node.path].join(".");
    case "body":
      return bodyText(node.body);
    default:
      return exprText(node.expr);
  }
}

/** The variables of the user that the event's own text names. */
function localsText(event: TraceEvent): string {
  const text = event.op === "Note" ? "" : nodeText(event);
  const named = event.locals
    .map(([name, value]) => [variableText(name), value] as const)
    .filter(([name]) => name !== "_" && new RegExp(`(?<![\\w.])${name}(?!\\w)`).test(text))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${named.map(([name, value]) => `${name}: ${short(termText(value))}`).join(", ")}}`;
}

function short(text: string): string {
  return text.length > valueLimit ? `${text.slice(0, valueLimit - 3)}...` : text;
}
