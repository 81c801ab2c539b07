import type { SearchHit, SearchWords } from "custody/log-index";

import type { LogSearch } from "../search-shapes.ts";

/** What a log is searched by, and how people say it. */
export const searchKinds = [
  { by: "subject", title: "subject’s digest", example: "sha256:…" },
  { by: "identity", title: "identity", example: "spiffe://…, a mail address, a workflow" },
  { by: "type", title: "predicate type", example: "https://slsa.dev/provenance/v1" },
  { by: "key", title: "key’s digest", example: "sha256:…" },
  { by: "digest", title: "payload’s or file’s digest", example: "sha256:…" },
] as const;

export type SearchKind = (typeof searchKinds)[number]["by"];

/** The kind that an address names; the first for any other word. */
export function kindOf({ by }: LogSearch): SearchKind {
  return searchKinds.find((kind) => kind.by === by)?.by ?? "subject";
}

/** What the address asks for; undefined where it asks for nothing yet. */
export function wordsOf(search: LogSearch): SearchWords | undefined {
  const value = search.value?.trim() ?? "";
  const issuer = search.issuer?.trim() ?? "";
  if (value === "") return undefined;
  const kind = kindOf(search);
  if (kind !== "identity") return { [kind]: value };
  return issuer === "" ? undefined : { identity: value, issuer };
}

/** The API's address of one page of a search. */
export function searchPath(words: SearchWords, from: number): string {
  const given = Object.entries({ ...words, from }).map(([name, value]) => [name, String(value)]);
  return `/api/v1/log/search?${new URLSearchParams(given).toString()}`;
}

/** Those within the address's time; without a time an entry is within none. */
export function withinTime(hits: readonly SearchHit[], { since, until }: LogSearch): readonly SearchHit[] {
  const [start, end] = [timeOf(since), timeOf(until)];
  if (start === undefined && end === undefined) return hits;
  return hits.filter(
    ({ signedAt }) =>
      signedAt !== undefined && signedAt >= (start ?? signedAt) && signedAt <= (end ?? signedAt),
  );
}

function timeOf(text: string | undefined): number | undefined {
  const time = new Date(text ?? "").getTime();
  return Number.isNaN(time) ? undefined : time;
}

const minuteMilliseconds = 60_000;

/** What a field for date and time shows of an instant: in the zone of whoever looks. */
export function toField(text: string | undefined): string {
  const time = timeOf(text);
  if (time === undefined) return "";
  const local = new Date(time - new Date(time).getTimezoneOffset() * minuteMilliseconds);
  return local.toISOString().slice(0, "2026-01-31T12:00".length);
}

/** The instant that such a field means, for an address. */
export function fromField(text: string): string | undefined {
  const time = timeOf(text);
  return time === undefined ? undefined : new Date(time).toISOString();
}
