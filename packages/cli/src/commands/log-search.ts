import { nodeCrypto } from "@custody/node/crypto";
import { parseTrustedRoot } from "custody/evidence";
import type { TrustedLog } from "custody/evidence";
import { CustodyError, formatInstant, parseJson } from "custody/ground";
import type { Json } from "custody/ground";
import { findTerm, joinPages, parseSearchAnswer, verifySearchPage } from "custody/log-index";
import type { IndexTerm, SearchHit, SearchPage, SearchResult } from "custody/log-index";

import { Client } from "../client.ts";
import { exitCodes } from "../output.ts";
import type { Call } from "./call.ts";
import { readFileBytes } from "./read-file.ts";

export interface SearchOptions {
  readonly identity?: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly type?: string;
  readonly key?: string;
  readonly digest?: string;
  readonly since?: string;
  readonly until?: string;
  readonly trustedRoot?: string;
}

const maxRootBytes = 8 * 1024 * 1024;
const maxPages = 1000;

/** `custody log search`: the log's entries of one term, with proof that each is in the log and that none was left out. */
export async function logSearch({ options, output }: Call<SearchOptions>): Promise<number> {
  const words = wordsOf(options);
  const client = await Client.open(options);
  const root = options.trustedRoot
    ? await readFileBytes(options.trustedRoot, maxRootBytes)
    : await client.fetchPublic("/trusted_root.json");
  const log = parseTrustedRoot(parseJson(root)).logs.findLast(({ validFor }) => validFor.end === undefined);
  if (!log) throw new CustodyError("cli/no-log", "the trusted root names no log that takes entries");
  const { term } = words;
  const { positions, covered, hits } = await readAll(client, log, words);
  const within = hits.filter((hit) => isWithin(hit, options)).map(showHit);
  output.result({ term, covered, positions, entries: within }, [
    `${within.length} of ${positions.length} entries of ${covered}, proven to be all: ${term}`,
    ...within.map(
      ({ index, signedAt, rendering }) => `  #${index}  ${signedAt ?? "time unknown"}  ${rendering}`,
    ),
  ]);
  return exitCodes.yes;
}

interface AskedWords {
  readonly term: IndexTerm;
  readonly query: Readonly<Record<string, string>>;
}

function wordsOf({ identity, issuer, subject, type, key, digest }: SearchOptions): AskedWords {
  const given = Object.entries({ identity, issuer, subject, type, key, digest });
  const query = Object.fromEntries(
    given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const term = findTerm(query);
  if (term !== undefined) return { term, query };
  throw new CustodyError("cli/usage", "say what to search for: one thing", {
    next: "--identity with --issuer, --subject, --type, --key or --digest",
  });
}

// A hundred at a time; what the proof names and no page shows would be left out in silence.
async function readAll(client: Client, log: TrustedLog, { term, query }: AskedWords): Promise<SearchResult> {
  const ask = async (from: number): Promise<SearchPage> => {
    const answer = await client.get<Json>("/log/search", { ...query, from: String(from) });
    return verifySearchPage(nodeCrypto, { log, term, from }, parseSearchAnswer(answer));
  };
  const pages: [SearchPage, ...SearchPage[]] = [await ask(0)];
  for (let next = pages[0].next; next !== undefined && pages.length < maxPages;) {
    const page = await ask(next);
    pages.push(page);
    next = page.next;
  }
  const result = joinPages(pages);
  if (result.next === undefined) return result;
  throw new CustodyError("cli/too-many", `there are more than ${maxPages} pages of entries: ${term}`, {
    next: "search for something less common",
  });
}

/** An entry that was found, and verified. */
interface ShownHit {
  readonly index: number;
  readonly signedAt: string | undefined;
  readonly rendering: string;
}

function showHit({ index, signedAt, rendering }: SearchHit): ShownHit {
  return { index, signedAt: signedAt === undefined ? undefined : formatInstant(signedAt), rendering };
}

function isWithin({ signedAt }: SearchHit, { since, until }: SearchOptions): boolean {
  if (since === undefined && until === undefined) return true;
  if (signedAt === undefined) return false;
  return (
    (since === undefined || signedAt >= timeOf(since)) && (until === undefined || signedAt <= timeOf(until))
  );
}

function timeOf(text: string): number {
  const time = new Date(text).getTime();
  if (!Number.isNaN(time)) return time;
  throw new CustodyError("cli/usage", `"${text}" is no time`, {
    next: "write it as 2026-01-31 or 2026-01-31T12:00:00Z",
  });
}
