import { useQuery } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import * as v from "valibot";

import { rootQuery } from "../api/queries.ts";
import type { TrustReport, TrustTexts } from "./messages.ts";
import { verify } from "./verifier-client.ts";

/*
 * Whom this browser trusts. The first root that a server shows is kept; another one counts only when its user says so. Who
 * has the root from elsewhere gives it, and then what the server says of trust is not looked at.
 */

const storeKey = "custody-trust";
const keptShape = v.object({
  root: v.string(),
  witnesses: v.optional(v.string()),
  source: v.picklist(["server", "user"]),
  since: v.string(),
});
export type KeptTrust = v.InferOutput<typeof keptShape>;

const listeners = new Set<() => void>();
let known: { readonly text: string | null; readonly kept: KeptTrust | undefined } | undefined;

function readKept(): KeptTrust | undefined {
  const text = localStorage.getItem(storeKey);
  if (known?.text === text) return known.kept;
  const shape = text === null ? undefined : v.safeParse(v.pipe(v.string(), v.parseJson(), keptShape), text);
  known = { text, kept: shape?.success ? shape.output : undefined };
  return known.kept;
}

/** Whom this browser trusts already; undefined before the first root was kept. */
export function keptTrust(): TrustTexts | undefined {
  const kept = readKept();
  return kept && { root: kept.root, witnesses: kept.witnesses };
}

/** Trusts these from now on, on this browser. */
export function keepTrust(texts: TrustTexts, source: KeptTrust["source"]): void {
  localStorage.setItem(storeKey, JSON.stringify({ ...texts, source, since: new Date().toISOString() }));
  for (const tell of listeners) tell();
}

/** Forgets; the next root that the server shows is trusted again. */
export function forgetTrust(): void {
  localStorage.removeItem(storeKey);
  for (const tell of listeners) tell();
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** What is trusted, and whether the server shows something else by now. */
export interface Trust {
  readonly texts: TrustTexts | undefined;
  readonly kept: KeptTrust | undefined;
  /** What the server shows, where it is not what is trusted. */
  readonly other: TrustTexts | undefined;
  readonly error: Error | null;
}

/** The trust of this browser; the first root that the server shows is kept when it is first asked for. */
export function useTrust(): Trust {
  const kept = useSyncExternalStore(subscribe, readKept);
  const { data, error } = useQuery(rootQuery);
  const own = kept && { root: kept.root, witnesses: kept.witnesses };
  if (!kept && data) queueMicrotask(() => readKept() ?? keepTrust(data, "server"));
  const isOther =
    kept?.source === "server" &&
    data !== undefined &&
    !isSame(data, { root: kept.root, witnesses: kept.witnesses });
  return { texts: own ?? data, kept, other: isOther ? data : undefined, error: kept ? null : error };
}

function isSame(a: TrustTexts, b: TrustTexts): boolean {
  return a.root === b.root && a.witnesses === b.witnesses;
}

/** A trusted root in words, by the worker that reads it. */
export function useTrustReport(texts: TrustTexts | undefined): {
  readonly data: TrustReport | undefined;
  readonly error: Error | null;
} {
  const read = useCallback(
    () =>
      texts ? verify({ kind: "trust", trust: texts }, "trust") : Promise.reject(new Error("no trust yet")),
    [texts],
  );
  return useQuery({ queryKey: ["trust-report", texts], queryFn: read, enabled: texts !== undefined });
}
