import type { TrustTexts } from "./messages.ts";

/*
 * Whom this browser trusts. The first root that a server shows is kept; another one counts only when its user says so. Who
 * has the root from elsewhere gives it, and then what the server says of trust is not looked at.
 */

const storeKey = "custody-trust";
const sources = ["server", "user"] as const;

/** What is kept of it: the texts, from whom they came, and since when (RFC 3339). */
export interface KeptTrust extends TrustTexts {
  readonly source: (typeof sources)[number];
  readonly since: string;
}

const listeners = new Set<() => void>();
let known: { readonly text: string | null; readonly kept: KeptTrust | undefined } | undefined;

/** What is kept; the same object as long as it is the same. */
export function readKept(): KeptTrust | undefined {
  const text = localStorage.getItem(storeKey);
  if (known?.text !== text || !known) known = { text, kept: text === null ? undefined : parseKept(text) };
  return known.kept;
}

// What this page has not written itself is as if there were nothing.
function parseKept(text: string): KeptTrust | undefined {
  try {
    const { root, witnesses, source, since } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const known = sources.find((one) => one === source);
    if (typeof root !== "string" || typeof since !== "string" || !known) return undefined;
    if (witnesses !== undefined && typeof witnesses !== "string") return undefined;
    return { root, witnesses, source: known, since };
  } catch {
    return undefined;
  }
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

/** Hears of every change. */
export function onTrust(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export function isSameTrust(a: TrustTexts, b: TrustTexts): boolean {
  return a.root === b.root && a.witnesses === b.witnesses;
}
