import type { AttestationStore } from "custody/control";
import { CustodyError, isDigest, toBase64 } from "custody/ground";
import type { Bytes, Digest } from "custody/ground";
import type { Log, LogEntryProof } from "custody/log";
import { findTerm, positionsIn, termsOfEntry } from "custody/log-index";
import type { IndexTerm, LeafProof, LookupProof, SearchWords } from "custody/log-index";
import type { FastifyInstance } from "fastify";
import { nodeCrypto } from "@custody/node/crypto";
import * as v from "valibot";

import type { LogIndex } from "../log-index.ts";

/** What searches a log. */
export interface LogSearchPorts {
  readonly index: LogIndex;
  readonly log: Log;
  readonly attestations: Pick<AttestationStore, "findByArtifacts">;
}

const word = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));
const queryShape = v.strictObject({
  identity: v.optional(word),
  issuer: v.optional(word),
  subject: v.optional(word),
  type: v.optional(word),
  key: v.optional(word),
  digest: v.optional(word),
  from: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number)), "0"),
});
const entriesAtOnce = 100;

/**
 * Searches the log by one term, below the API and behind its guard. All positions come with their proof; the entries, with the
 * proof that the log holds each and with the attestations kept here, a hundred at a time (`from`).
 */
export function openSearchDoor(app: FastifyInstance, { index, log, attestations }: LogSearchPorts): void {
  app.get("/log/search", async (request) => {
    const shape = v.safeParse(queryShape, request.query);
    if (!shape.success) throw new CustodyError("api/request", shape.issues[0].message);
    const { from, ...words } = shape.output;
    const { term, commitment, logged, proof } = await index.find(termOf(words));
    const positions = positionsIn(proof)
      .filter((position) => position >= from)
      .slice(0, entriesAtOnce);
    const entries = await Promise.all(positions.map((position) => showEntry(log, attestations, position)));
    return { term, commitment, logged: showProof(logged), proof: showLookup(proof), entries };
  });
}

function termOf(words: SearchWords): IndexTerm {
  const term = findTerm(words);
  if (term !== undefined) return term;
  throw new CustodyError(
    "api/request",
    "the search needs one of identity with issuer, subject, type, key, digest",
    {
      next: "ask /api/v1/log/search?subject=sha256:HEX",
    },
  );
}

async function showEntry(
  log: Log,
  attestations: Pick<AttestationStore, "findByArtifacts">,
  position: number,
): Promise<object> {
  const proven = await log.prove(position);
  const { payload } = termsOfEntry(nodeCrypto, proven.entry);
  const kept =
    payload !== undefined && isDigest(payload) ? await findKept(attestations, payload, position) : undefined;
  return {
    ...showProof(proven),
    ...(kept ? { bundle: JSON.parse(Buffer.from(kept).toString()) as unknown } : {}),
  };
}

async function findKept(
  attestations: Pick<AttestationStore, "findByArtifacts">,
  payload: Digest,
  position: number,
): Promise<Bytes | undefined> {
  const found = await attestations.findByArtifacts([payload], { as: "payload" });
  return (found.find(({ logIndex }) => logIndex === position) ?? found[0])?.bytes;
}

function showProof({ index, treeSize, hashes, checkpoint, entry }: LogEntryProof): object {
  return { index, treeSize, hashes: hashes.map(toBase64), checkpoint, entry: toBase64(entry) };
}

function showLookup(proof: LookupProof): object {
  const show = ({ place, leaf, hashes }: LeafProof): object => ({
    place,
    leaf: toBase64(leaf),
    hashes: hashes.map(toBase64),
  });
  if (proof.kind === "present") return { kind: proof.kind, at: show(proof.at) };
  const { kind, before, after } = proof;
  return { kind, ...(before ? { before: show(before) } : {}), ...(after ? { after: show(after) } : {}) };
}
