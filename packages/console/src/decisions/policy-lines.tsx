import type { Evaluated } from "@custody/playground/desk";

import { sourceLines } from "./source-lines.ts";

const markWords = { held: "held", stopped: "stopped here" } as const;

/** A policy's text, with the lines that decided marked, and what the facts said there. */
export function PolicyLines({
  policy,
  evaluated,
}: {
  readonly policy: string;
  readonly evaluated: Evaluated;
}) {
  return (
    <ol className="policy-lines card mono" tabIndex={0} aria-label="the policy, line by line">
      {sourceLines(policy, evaluated).map(({ number, text, mark, note }) => (
        <li
          key={number}
          value={number}
          data-mark={mark}
          data-state={mark === "held" ? "verified" : mark === "stopped" ? "missing" : undefined}
        >
          <span className="source">{text === "" ? " " : text}</span>
          {mark && <span className="heard"> ({markWords[mark]})</span>}
          {note !== undefined && (
            <span className="note">
              {mark === "held" ? "✓" : "✗"} {note}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
