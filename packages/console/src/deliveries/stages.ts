import type { ShownEvent } from "../api/shapes.ts";

/** The hand-offs of a delivery, in order; `steps` as often as the pipeline has steps. */
const stageNames = ["source", "stemcells", "steps", "package", "publish", "gate", "run"] as const;

/** One hand-off of a delivery, as its events tell of it. */
export interface Stage {
  readonly name: string;
  readonly state: "waiting" | "working" | "done" | "refused";
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  /** What it said, line by line; of much, the last. */
  readonly lines: readonly string[];
  /** How many lines there were before those. */
  readonly leftOut: number;
  /** What it came to. */
  readonly outcome: readonly string[];
}

const maxLines = 500;

/**
 * The stages of a delivery at a phase, from its events.
 *
 * A stage begins where the one before it ended: no event says so. The stage at which a delivery ended badly is the one that
 * told its last event.
 */
export function stagesOf(events: readonly ShownEvent[], phase: string, createdAt: number): Stage[] {
  const isEnded = !stageNames.includes(phase as "source");
  const lastTold = events.at(-1)?.phase;
  const current = isEnded ? (phase === "done" ? undefined : lastTold) : phase;
  const at = current === undefined ? stageNames.length : stageNames.indexOf(current as "source");
  let begun = createdAt;
  return stageNames.map((name, i) => {
    const own = events.filter((event) => event.phase === name);
    const lines = own.filter(({ kind }) => kind === "progress").flatMap(({ message }) => message.split("\n"));
    const finished = own.filter(({ kind }) => kind === "finished");
    const isOver = i < at || (i === at && isEnded);
    const finishedAt = isOver ? finished.at(-1)?.at : undefined;
    const startedAt = own.length > 0 || i === at ? begun : undefined;
    begun = finishedAt ?? begun;
    return {
      name,
      state: i < at ? "done" : i > at ? "waiting" : isEnded ? "refused" : "working",
      startedAt,
      finishedAt,
      lines: lines.slice(-maxLines),
      leftOut: Math.max(0, lines.length - maxLines),
      outcome: finished.map(({ message }) => message),
    };
  });
}
