import type { Evaluated, Way } from "@custody/playground/desk";

/** A line of a policy, and what it did. */
export interface SourceLine {
  readonly number: number;
  readonly text: string;
  /** `held` where a rule that decided holds, `stopped` at the expression that one did not get past. */
  readonly mark: "held" | "stopped" | undefined;
  /** What the facts said there. */
  readonly note: string | undefined;
}

const maxNoteLength = 160;

/** The policy's lines, with those that decided marked (from the engine's own explanation). */
export function sourceLines(policy: string, { trace }: Pick<Evaluated, "trace">): SourceLine[] {
  const ways = trace
    .flatMap(({ ways }) => ways)
    .filter(({ isDecisive, rule }) => isDecisive && rule.field === "policy");
  const marks = new Map<number, Pick<SourceLine, "mark" | "note">>();
  // What stopped says more than that a rule was come to: it stands where both are.
  for (const way of ways.toSorted((a, b) => rankOf(a) - rankOf(b))) mark(marks, policy, way);
  return policy.split("\n").map((text, i) => ({
    number: i + 1,
    text,
    mark: marks.get(i + 1)?.mark,
    note: marks.get(i + 1)?.note,
  }));
}

function rankOf({ kind }: Way): number {
  return kind === "stopped" ? 1 : 0;
}

function mark(marks: Map<number, Pick<SourceLine, "mark" | "note">>, policy: string, way: Way): void {
  const { from, to, row } = way.stop?.place ?? way.rule;
  const rows = policy.slice(from, to).trimEnd().split("\n").length;
  const kind = way.kind === "held" ? "held" : "stopped";
  const known = way.known.map(([name, value]) => `${name} is ${value}`).join(", ");
  const note = known.length > maxNoteLength ? `${known.slice(0, maxNoteLength)}…` : known;
  for (let i = 0; i < rows; i++)
    marks.set(row + i, { mark: kind, note: i === 0 && note !== "" ? note : undefined });
}
