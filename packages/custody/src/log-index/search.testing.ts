import { nodeCrypto } from "@custody/node/crypto";
import { makeTrust } from "custody/authority/attestor.testing";
import type { TestTrust } from "custody/authority/attestor.testing";
import { parseStatement, parseBundle } from "custody/evidence";
import type { TrustedLog } from "custody/evidence";
import type { Bytes, Json, Signer } from "custody/ground";
import { parseUtf8, toBase64, toHex, utf8 } from "custody/ground";
import { memorySequenceStore, memoryTileStore, openLog } from "custody/log";
import type { Log, LogEntryProof } from "custody/log";
import { parseCheckpoint, parseNote } from "custody/note";
import { spiffeIdOf } from "custody/spiffe";

import {
  commitmentsOriginOf,
  IndexTree,
  indexTerms,
  positionsIn,
  signCommitment,
  termKey,
  termsOfEntry,
  termsOfStatement,
} from "./index.ts";
import type { IndexTerm, LeafProof } from "./index.ts";

/** A log of attestations with its index and its log of commitments, all real and in memory, that answers as a server does. */
export class SearchedLog {
  readonly trust: TestTrust;
  readonly log: Log;
  readonly commitments: Log;
  readonly bundles: Bytes[] = [];

  private constructor(trust: TestTrust, logs: { log: Log; commitments: Log }) {
    this.trust = trust;
    this.log = logs.log;
    this.commitments = logs.commitments;
  }

  static async open(): Promise<SearchedLog> {
    const trust = await makeTrust();
    const origin = logOf(trust).origin;
    const log = await openMemoryLog(origin, trust.logSigner);
    const commitments = await openMemoryLog(commitmentsOriginOf(origin), trust.logSigner);
    return new SearchedLog(trust, { log, commitments });
  }

  get trusted(): TrustedLog {
    return logOf(this.trust);
  }

  /** Logs that somebody says something of a type. */
  async add(signer: string, predicateType: string): Promise<void> {
    const statement = {
      subject: [{ name: "a", digest: { sha256: "1".repeat(64) } }],
      predicateType,
      predicate: { count: this.bundles.length },
    };
    const identity = spiffeIdOf(this.trust.authorities.trustDomain, signer);
    const { bytes } = await this.trust.attest(identity, statement);
    const entry = given(parseBundle(bytes).logEntries[0]).canonicalizedBody;
    await this.log.append(entry);
    this.bundles.push(bytes);
  }

  identity(signer: string): IndexTerm {
    const { trustDomain } = this.trust.authorities;
    return indexTerms.identity(`spiffe://${trustDomain}`, spiffeIdOf(trustDomain, signer));
  }

  /** The answer's JSON, `limit` entries from a position on; `hidden` positions are left out of the index. */
  async answer(
    term: IndexTerm,
    { from = 0, limit = 100, hidden = [] as readonly number[] } = {},
  ): Promise<Json> {
    const { size, rootHash } = parseCheckpoint(parseNote(await this.log.checkpoint()).text);
    const tree = await this.#index(size, hidden);
    const proof = tree.prove(termKey(nodeCrypto, term));
    const content = { size: tree.size, rootHash: tree.rootHash, covers: { size, rootHash } };
    const { origin } = this.trusted;
    const commitment = await signCommitment(nodeCrypto, origin, this.trust.logSigner, content);
    const logged = await this.commitments.append(utf8(commitment));
    const positions = positionsIn(proof).filter((position) => position >= from);
    const entries = await Promise.all(positions.slice(0, limit).map((at) => this.#entry(at)));
    const shown =
      proof.kind === "present" ? { kind: proof.kind, at: showLeaf(proof.at) } : showAbsence(proof);
    return { commitment, logged: showProof(logged), proof: shown, entries } as Json;
  }

  async #index(size: number, hidden: readonly number[]): Promise<IndexTree> {
    const positions = new Map<string, number[]>();
    for (let index = 0; index < size; index++) {
      const { entry } = await this.log.prove(index);
      const statement = parseStatement(parseBundle(given(this.bundles[index])).envelope.payload);
      for (const term of [...termsOfEntry(nodeCrypto, entry).terms, ...termsOfStatement(statement)]) {
        const key = toHex(termKey(nodeCrypto, term));
        if (!hidden.includes(index)) positions.set(key, [...(positions.get(key) ?? []), index]);
      }
    }
    return new IndexTree(nodeCrypto, positions);
  }

  async #entry(position: number): Promise<object> {
    const proof = await this.log.prove(position);
    return { ...showProof(proof), bundle: JSON.parse(parseUtf8(given(this.bundles[position]))) as unknown };
  }
}

function logOf({ authorities }: TestTrust): TrustedLog {
  return given(authorities.trustedRoot.logs[0]);
}

function openMemoryLog(origin: string, signer: Signer): Promise<Log> {
  const ports = { store: memorySequenceStore(), tiles: memoryTileStore() };
  return openLog({ ...ports, signer, origin, crypto: nodeCrypto });
}

function showProof({ index, treeSize, hashes, checkpoint, entry }: LogEntryProof): object {
  return { index, treeSize, hashes: hashes.map(toBase64), checkpoint, entry: toBase64(entry) };
}

function showLeaf({ place, leaf, hashes }: LeafProof): object {
  return { place, leaf: toBase64(leaf), hashes: hashes.map(toBase64) };
}

function showAbsence({ before, after }: { readonly before?: LeafProof; readonly after?: LeafProof }): object {
  return {
    kind: "absent",
    ...(before ? { before: showLeaf(before) } : {}),
    ...(after ? { after: showLeaf(after) } : {}),
  };
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("there is none");
  return value;
}
