import { compareTerms, termJson } from "../syntax/index.ts";
import type { ObjectItem, Term } from "../syntax/index.ts";
import { canonicalKey } from "../values/index.ts";

/** The members of a set, each once, in the order of terms. */
export function distinctTerms(items: readonly Term[]): readonly Term[] {
  const found = new Map<string, Term>();
  for (const item of items) {
    const key = termKey(item);
    if (!found.has(key)) found.set(key, item);
  }
  return [...found.values()].toSorted(compareTerms);
}

/** The entries of an object, each key once, at its first place, with its last value. */
export function distinctEntries(items: readonly ObjectItem[]): readonly ObjectItem[] {
  const found = new Map<string, ObjectItem>();
  for (const [key, value] of items) {
    const name = termKey(key);
    found.set(name, [found.get(name)?.[0] ?? key, value]);
  }
  return [...found.values()];
}

function termKey(term: Term): string {
  return canonicalKey(termJson(term));
}
