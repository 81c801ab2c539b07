import { nodeCrypto } from "@custody/node/crypto";
import { parseBundle, parseStatement, parseTrustedRoot, renderStatement } from "custody/evidence";
import type { TrustedLog } from "custody/evidence";
import { CustodyError, digestOf, parseBase64, parseJson, parseUtf8, utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";
import {
  indexOriginOf,
  indexTerms,
  termKey,
  termsOfEntry,
  termsOfStatement,
  verifyCommitment,
  verifyLookup,
} from "custody/log-index";
import type { IndexTerm, LeafProof, LookupProof } from "custody/log-index";
import { leafHash, verifyInclusion } from "custody/merkle";
import { verifierKeyOf, verifyCheckpoint } from "custody/note";

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

interface ShownProof {
  readonly index: number;
  readonly treeSize: number;
  readonly hashes: readonly string[];
  readonly checkpoint: string;
  readonly entry: string;
  readonly bundle?: unknown;
}

interface ShownLeaf {
  readonly place: number;
  readonly leaf: string;
  readonly hashes: readonly string[];
}

interface Found {
  readonly term: string;
  readonly commitment: string;
  readonly logged: ShownProof;
  readonly proof: {
    readonly kind: "present" | "absent";
    readonly at?: ShownLeaf;
    readonly before?: ShownLeaf;
    readonly after?: ShownLeaf;
  };
  readonly entries: readonly ShownProof[];
}

/** One entry that was found, and verified. */
interface Hit {
  readonly index: number;
  readonly signedAt: string | undefined;
  readonly rendering: string;
}

const maxRootBytes = 8 * 1024 * 1024;
const maxPages = 1000;

/** `custody log search`: the log's entries of one term, with proof that each is in the log and that none was left out. */
export async function logSearch({ options, output }: Call<SearchOptions>): Promise<number> {
  const [term, query] = termOf(options);
  const client = await Client.open(options);
  const root = options.trustedRoot
    ? await readFileBytes(options.trustedRoot, maxRootBytes)
    : await client.fetchPublic("/trusted_root.json");
  const log = parseTrustedRoot(parseJson(root)).logs.findLast(({ validFor }) => validFor.end === undefined);
  if (!log) throw new CustodyError("cli/no-log", "the trusted root names no log that takes entries");
  const first = await client.get<Found>("/log/search", query);
  const { positions, covered } = await verifyAnswer(log, term, first);
  const hits = await readHits({ client, log, term, query }, positions, first);
  const within = hits.filter((hit) => isWithin(hit, options));
  output.result({ term, covered, positions, entries: within }, [
    `${within.length} of ${positions.length} entries of ${covered}, proven to be all: ${term}`,
    ...within.map(
      ({ index, signedAt, rendering }) => `  #${index}  ${signedAt ?? "time unknown"}  ${rendering}`,
    ),
  ]);
  return exitCodes.yes;
}

function termOf(options: SearchOptions): readonly [IndexTerm, Readonly<Record<string, string>>] {
  const { identity, issuer } = options;
  if (identity !== undefined && issuer !== undefined)
    return [indexTerms.identity(issuer, identity), { identity, issuer }];
  for (const kind of ["subject", "type", "key", "digest"] as const) {
    const value = options[kind];
    if (value !== undefined) return [indexTerms[kind](value), { [kind]: value }];
  }
  throw new CustodyError("cli/usage", "say what to search for", {
    next: "--identity with --issuer, --subject, --type, --key or --digest",
  });
}

/** Holds the answer to the index that the log's key signed, and that is on record for everybody. */
async function verifyAnswer(
  log: TrustedLog,
  term: IndexTerm,
  { commitment, logged, proof }: Found,
): Promise<{ readonly positions: readonly number[]; readonly covered: number }> {
  const origin = indexOriginOf(log.origin);
  const index = await verifyCommitment(nodeCrypto, log.origin, keyOf(log, origin), commitment);
  const record = await verifyLogged(log, `${log.origin}/index-commitments`, logged);
  if (parseUtf8(record) !== commitment) {
    throw new CustodyError(
      "log-index/commitment",
      "another commitment is on record than the one that was answered with",
    );
  }
  const positions = verifyLookup(nodeCrypto, index, termKey(nodeCrypto, term), readLookup(proof));
  return { positions, covered: index.covers.size };
}

interface Search {
  readonly client: Client;
  readonly log: TrustedLog;
  readonly term: IndexTerm;
  readonly query: Readonly<Record<string, string>>;
}

// A hundred at a time; what the proof names and no page shows would be left out in silence.
async function readHits(
  { client, log, term, query }: Search,
  positions: readonly number[],
  first: Found,
): Promise<readonly Hit[]> {
  const hits: Hit[] = [];
  let page = first.entries;
  for (let count = 0; hits.length < positions.length && count < maxPages; count++) {
    for (const entry of page) hits.push(await verifyHit(log, term, entry));
    const next = positions[hits.length];
    if (next === undefined) break;
    page = (await client.get<Found>("/log/search", { ...query, from: String(next) })).entries;
    if (page.length === 0) break;
  }
  const isWhole = hits.length === positions.length && hits.every(({ index }, i) => index === positions[i]);
  if (isWhole) return hits;
  throw new CustodyError("log-index/proof", "the server does not show all entries that its index names");
}

async function verifyHit(log: TrustedLog, term: IndexTerm, shown: ShownProof): Promise<Hit> {
  const entry = await verifyLogged(log, log.origin, shown);
  const { terms, payload } = termsOfEntry(nodeCrypto, entry);
  const bundle = shown.bundle === undefined ? undefined : parseBundle(utf8(JSON.stringify(shown.bundle)));
  const isOfEntry = bundle !== undefined && digestOf(nodeCrypto, bundle.envelope.payload) === payload;
  const statement = bundle && isOfEntry ? parseStatement(bundle.envelope.payload) : undefined;
  if (![...terms, ...(statement ? termsOfStatement(statement) : [])].includes(term)) {
    throw new CustodyError("log-index/proof", `entry ${shown.index} is not one of ${term}`);
  }
  return {
    index: shown.index,
    signedAt: bundle && new Date(bundle.certificate.validity.start).toISOString(),
    rendering: statement ? renderStatement(statement) : terms.join(", "),
  };
}

// RFC 6962 §2.1.1, under a checkpoint that the log's key signed in that name.
async function verifyLogged(log: TrustedLog, origin: string, shown: ShownProof): Promise<Bytes> {
  const { index, treeSize, hashes, checkpoint } = shown;
  const { size, rootHash } = await verifyCheckpoint(nodeCrypto, checkpoint, {
    origin,
    logKey: keyOf(log, origin),
  });
  if (size !== treeSize)
    throw new CustodyError("log-index/proof", "the proof is of another tree than the checkpoint's");
  const entry = parseBase64(shown.entry);
  const proof = { index, treeSize, leafHash: leafHash(nodeCrypto, entry), hashes: hashes.map(parseBase64) };
  verifyInclusion(nodeCrypto, proof, rootHash);
  return entry;
}

function keyOf({ publicKey }: TrustedLog, origin: string): ReturnType<typeof verifierKeyOf> {
  return verifierKeyOf(nodeCrypto, origin, publicKey.scheme === "ed25519" ? "ed25519" : "ecdsa", publicKey);
}

function readLookup({ kind, at, before, after }: Found["proof"]): LookupProof {
  const read = ({ place, leaf, hashes }: ShownLeaf): LeafProof => ({
    place,
    leaf: parseBase64(leaf),
    hashes: hashes.map(parseBase64),
  });
  if (kind === "present" && at) return { kind, at: read(at) };
  return {
    kind: "absent",
    ...(before ? { before: read(before) } : {}),
    ...(after ? { after: read(after) } : {}),
  };
}

function isWithin({ signedAt }: Hit, { since, until }: SearchOptions): boolean {
  if (since === undefined && until === undefined) return true;
  if (signedAt === undefined) return false;
  return (
    (since === undefined || signedAt >= timeOf(since)) && (until === undefined || signedAt <= timeOf(until))
  );
}

function timeOf(text: string): string {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new CustodyError("cli/usage", `"${text}" is no time`, {
    next: "write it as 2026-01-31 or 2026-01-31T12:00:00Z",
  });
}
