import type { QueryClient } from "@tanstack/react-query";

import { followWhileVisible } from "./visible-stream.ts";

/** What each kind of change makes old: the first words of query keys. */
const stale: Readonly<Record<string, readonly string[]>> = {
  delivery: ["delivery"],
  event: [],
  workload: ["workload", "chain"],
  decision: ["decision"],
  any: ["delivery", "workload", "decision", "chain"],
};

const pauseMilliseconds = 300;

/**
 * Follows the server's changes and makes what they concern be asked for again, at most a few times a second.
 *
 * @returns ends it.
 */
export function followChanges(client: QueryClient, onState: (isOpen: boolean) => void): () => void {
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    for (const key of waiting) void client.invalidateQueries({ queryKey: [key] });
    waiting.clear();
  };
  const note = (kind: string): void => {
    for (const key of stale[kind] ?? []) waiting.add(key);
    timer ??= setTimeout(flush, pauseMilliseconds);
  };
  const end = followWhileVisible("/api/v1/stream", {
    events: { change: (data) => note(kindOf(data)) },
    onState: (isOpen) => {
      onState(isOpen);
      // What happened before it was open, or since it broke, is not told.
      if (isOpen) note("any");
      else void client.invalidateQueries({ queryKey: ["session"] });
    },
  });
  return () => {
    end();
    clearTimeout(timer);
  };
}

function kindOf(data: string): string {
  try {
    return String((JSON.parse(data) as { readonly kind?: unknown }).kind);
  } catch {
    return "any";
  }
}
