import type { Bytes, Json } from "custody/ground";
import { parseBase64, utf8 } from "custody/ground";
import * as v from "valibot";

import { indexFault } from "./faults.ts";
import type { LeafProof, LookupProof } from "./index-tree.ts";

/** An entry with its way into the tree of a checkpoint (RFC 6962 §2.1.1). */
export interface LoggedEntry {
  readonly index: number;
  readonly treeSize: number;
  readonly hashes: readonly Bytes[];
  /** A signed note. */
  readonly checkpoint: string;
  readonly entry: Bytes;
}

/** An entry that a search found, with the attestation whose payload it names, where the server keeps one. */
export interface FoundEntry extends LoggedEntry {
  readonly bundle: Bytes | undefined;
}

/** What a server answers to a search. Nothing of it is to be believed: see {@link verifySearchPage}. */
export interface SearchAnswer {
  /** The signed note of the index. */
  readonly commitment: string;
  /** The same note, as the log of commitments holds it. */
  readonly logged: LoggedEntry;
  readonly proof: LookupProof;
  /** Some of the entries that the proof names: those of one page. */
  readonly entries: readonly FoundEntry[];
}

const maxEntries = 1000;
const maxHashes = 64;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const base64 = v.string();
const hashes = v.pipe(v.array(base64), v.maxLength(maxHashes));
const loggedShape = v.object({
  index: count,
  treeSize: count,
  hashes,
  checkpoint: v.string(),
  entry: base64,
});
const leafShape = v.object({ place: count, leaf: base64, hashes });
const answerShape = v.object({
  commitment: v.string(),
  logged: loggedShape,
  proof: v.variant("kind", [
    v.object({ kind: v.literal("present"), at: leafShape }),
    v.object({ kind: v.literal("absent"), before: v.optional(leafShape), after: v.optional(leafShape) }),
  ]),
  entries: v.pipe(
    v.array(v.object({ ...loggedShape.entries, bundle: v.optional(v.looseObject({})) })),
    v.maxLength(maxEntries),
  ),
});

/**
 * A server's answer out of its JSON.
 *
 * @throws CustodyError `log-index/answer` for another shape; `bytes/…` for what is no base64.
 */
export function parseSearchAnswer(json: Json): SearchAnswer {
  const shape = v.safeParse(answerShape, json);
  if (!shape.success) {
    const [issue] = shape.issues;
    throw indexFault(
      "log-index/answer",
      `the answer cannot be read: ${v.getDotPath(issue) ?? "it"}: ${issue.message}`,
    );
  }
  const { commitment, logged, proof, entries } = shape.output;
  return {
    commitment,
    logged: readEntry(logged),
    proof: readLookup(proof),
    entries: entries.map(({ bundle, ...entry }) => ({
      ...readEntry(entry),
      bundle: bundle && utf8(JSON.stringify(bundle)),
    })),
  };
}

function readEntry(shown: v.InferOutput<typeof loggedShape>): LoggedEntry {
  return { ...shown, hashes: shown.hashes.map(parseBase64), entry: parseBase64(shown.entry) };
}

function readLookup(proof: v.InferOutput<typeof answerShape>["proof"]): LookupProof {
  if (proof.kind === "present") return { kind: proof.kind, at: readLeaf(proof.at) };
  const { kind, before, after } = proof;
  return {
    kind,
    ...(before ? { before: readLeaf(before) } : {}),
    ...(after ? { after: readLeaf(after) } : {}),
  };
}

function readLeaf({ place, leaf, hashes }: v.InferOutput<typeof leafShape>): LeafProof {
  return { place, leaf: parseBase64(leaf), hashes: hashes.map(parseBase64) };
}
