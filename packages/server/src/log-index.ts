import type { AttestationStore } from "custody/control";
import { parseBundle, parseStatement } from "custody/evidence";
import type { Bytes, Crypto, Digest, Signer } from "custody/ground";
import { CustodyError, digestOf, isDigest, toHex, utf8 } from "custody/ground";
import type { Log, LogEntryProof } from "custody/log";
import { IndexTree, signCommitment, termKey, termsOfEntry, termsOfStatement } from "custody/log-index";
import type { IndexTerm, LookupProof } from "custody/log-index";
import { formatTilePath, parseEntryBundle } from "custody/merkle";
import { parseCheckpoint, parseNote } from "custody/note";

/** What a log's index is made of. */
export interface LogIndexPorts {
  readonly crypto: Crypto;
  readonly log: Log;
  readonly signer: Signer;
  readonly origin: string;
  /** Where commitments are logged: what was answered once stays on record. */
  readonly commitments: Pick<Log, "append">;
  readonly attestations: Pick<AttestationStore, "findByArtifacts">;
}

/** An answer, with what shows that it is the index's, and that everybody's index is this one. */
export interface IndexAnswer {
  readonly term: IndexTerm;
  readonly commitment: string;
  readonly logged: LogEntryProof;
  readonly proof: LookupProof;
}

interface Committed {
  readonly tree: IndexTree;
  readonly note: string;
  readonly logged: LogEntryProof;
  readonly size: number;
}

const bundleEntries = 256;
/** How long a commitment is answered with before the log is looked at again. */
const freshMilliseconds = 1000;
const payloadsAtOnce = 1000;

/**
 * The index of one log: what its entries are found by, out of the entries themselves and out of the statements of those
 * attestations that are kept here. It is read again from the log at each start; nothing of it needs to be kept.
 */
export class LogIndex {
  readonly #ports: LogIndexPorts;
  readonly #positions = new Map<string, number[]>();
  /** Envelopes whose payload is not kept here, as far as is known. */
  readonly #unread = new Map<Digest, number[]>();
  #scanned = 0;
  #committed: Committed | undefined;
  #lookedAt = 0;
  #working: Promise<unknown> = Promise.resolve();

  constructor(ports: LogIndexPorts) {
    this.#ports = ports;
  }

  /** @throws what the log and the stores throw; CustodyError `log-index/empty` for a log without entries. */
  async find(term: IndexTerm): Promise<IndexAnswer> {
    const { tree, note, logged } = await this.#current();
    const proof = tree.prove(termKey(this.#ports.crypto, term));
    return { term, commitment: note, logged, proof };
  }

  // One at a time: a commitment is of a tree that stands still.
  #current(): Promise<Committed> {
    const done = this.#working.then(() => this.#refresh());
    this.#working = done.catch(() => undefined);
    return done;
  }

  async #refresh(): Promise<Committed> {
    if (this.#committed && Date.now() - this.#lookedAt < freshMilliseconds) return this.#committed;
    const { crypto, log, signer, origin, commitments } = this.#ports;
    const { size, rootHash } = parseCheckpoint(parseNote(await log.checkpoint()).text);
    const before = this.#scanned;
    await this.#scanTo(size);
    const learnt = await this.#readStatements();
    this.#lookedAt = Date.now();
    if (this.#committed && this.#scanned === before && !learnt) return this.#committed;
    const tree = new IndexTree(crypto, this.#positions);
    const covers = { size, rootHash };
    const content = { size: tree.size, rootHash: tree.rootHash, covers };
    const note = await signCommitment(crypto, origin, signer, content);
    this.#committed = { tree, note, logged: await commitments.append(utf8(note)), size };
    return this.#committed;
  }

  async #scanTo(size: number): Promise<void> {
    while (this.#scanned < size) {
      const first = this.#scanned - (this.#scanned % bundleEntries);
      const width = Math.min(bundleEntries, size - first);
      const entries = await this.#readBundle(first / bundleEntries, width);
      for (let index = this.#scanned; index < first + width; index++) {
        this.#addEntry(index, entries[index - first] ?? new Uint8Array());
      }
      this.#scanned = first + width;
    }
  }

  async #readBundle(number: number, width: number): Promise<readonly Bytes[]> {
    const path = formatTilePath({ kind: "entries", index: number, width });
    const bundle = await this.#ports.log.readTile(path);
    if (!bundle) throw new CustodyError("log-index/entries", `the log has no ${path}`, { subject: path });
    return parseEntryBundle(bundle);
  }

  #addEntry(index: number, entry: Bytes): void {
    const { terms, payload } = termsOfEntry(this.#ports.crypto, entry);
    this.#add(index, terms);
    if (payload === undefined || !isDigest(payload)) return;
    this.#unread.set(payload, [...(this.#unread.get(payload) ?? []), index]);
  }

  // An attestation may be kept some time after it was logged.
  async #readStatements(): Promise<boolean> {
    let learnt = false;
    const payloads = [...this.#unread.keys()];
    for (let at = 0; at < payloads.length; at += payloadsAtOnce) {
      const some = payloads.slice(at, at + payloadsAtOnce);
      for (const { bytes } of await this.#ports.attestations.findByArtifacts(some, { as: "payload" })) {
        learnt = this.#learn(bytes) || learnt;
      }
    }
    return learnt;
  }

  #learn(bytes: Bytes): boolean {
    const { payload } = parseBundle(bytes).envelope;
    const digest = digestOf(this.#ports.crypto, payload);
    const positions = this.#unread.get(digest) ?? [];
    this.#unread.delete(digest);
    const terms = termsOfStatement(parseStatement(payload));
    for (const index of positions) this.#add(index, terms);
    return positions.length > 0;
  }

  #add(index: number, terms: readonly IndexTerm[]): void {
    for (const term of terms) {
      const key = toHex(termKey(this.#ports.crypto, term));
      const known = this.#positions.get(key) ?? [];
      insert(known, index);
      this.#positions.set(key, known);
    }
  }
}

// Nearly always at the end: entries come in their order.
function insert(rising: number[], index: number): void {
  let at = rising.length;
  while (at > 0 && (rising[at - 1] ?? 0) > index) at--;
  if (rising[at - 1] !== index) rising.splice(at, 0, index);
}
