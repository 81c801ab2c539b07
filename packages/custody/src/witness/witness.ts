import type { Clock, Crypto } from "custody/ground";
import { CustodyError, findFaultCode, toHex, utf8 } from "custody/ground";
import {
  cosignCheckpoint,
  formatNote,
  formatSignatures,
  parseCheckpoint,
  parseNote,
  verifyNote,
} from "custody/note";
import type { Checkpoint, Cosigner, NoteSignature, VerifierKey } from "custody/note";

import { parseAddCheckpoint } from "./add-checkpoint.ts";
import type { AddCheckpointRequest } from "./add-checkpoint.ts";
import { witnessFault } from "./faults.ts";
import type { FollowedLog } from "./followed-logs.ts";
import { judgeCheckpoint } from "./judge-checkpoint.ts";
import type { Judgement } from "./judge-checkpoint.ts";
import type { WitnessStore } from "./witness-store.ts";

/** What a witness acts through. */
export interface WitnessPorts {
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly store: WitnessStore;
  /** Its keys, each of which cosigns every checkpoint. */
  readonly cosigners: readonly Cosigner[];
  readonly logs: readonly FollowedLog[];
}

/** What a witness answers; its door gives each the status that C2SP tlog-witness says. */
export type WitnessAnswer =
  /** The signature lines; the checkpoint is on record. */
  | { readonly kind: "cosigned"; readonly lines: string }
  | { readonly kind: "unknown-log"; readonly origin: string }
  | { readonly kind: "unsigned"; readonly message: string }
  | Exclude<Judgement, { readonly kind: "consistent" }>;

/**
 * A witness (C2SP tlog-witness): for each log that it follows it cosigns one consistent line of checkpoints, ever
 * growing, whoever sends them and however many at once.
 */
export class Witness {
  readonly #ports: WitnessPorts;
  readonly #logs: ReadonlyMap<string, FollowedLog>;
  readonly #origins: ReadonlyMap<string, string>;

  constructor(ports: WitnessPorts) {
    const { logs, crypto } = ports;
    this.#ports = ports;
    this.#logs = new Map(logs.map((log) => [log.origin, log]));
    this.#origins = new Map(logs.map(({ origin }) => [toHex(crypto.sha256(utf8(origin))), origin]));
  }

  /**
   * Cosigns the checkpoint of a request body if it extends the last one; it is on record before this returns.
   *
   * @throws CustodyError `witness/state` when what is on record cannot be read, and what the ports throw: then
   * nothing was cosigned that anyone has seen.
   */
  async addCheckpoint(body: Uint8Array): Promise<WitnessAnswer> {
    const request = attempt(() => parseAddCheckpoint(body));
    if (typeof request === "string") return { kind: "malformed", message: request };
    const checkpoint = attempt(() => parseCheckpoint(textOf(request.checkpoint)));
    if (typeof checkpoint === "string") return { kind: "malformed", message: checkpoint };
    const log = this.#logs.get(checkpoint.origin);
    if (!log) return { kind: "unknown-log", origin: checkpoint.origin };
    const signed = await this.#signedBy(log, request.checkpoint);
    return typeof signed === "string"
      ? { kind: "unsigned", message: signed }
      : this.#follow(request, checkpoint, signed);
  }

  /** The last cosigned checkpoint of a log, by the SHA-256 of its origin in hexadecimal; undefined for none. */
  async findCheckpoint(originHash: string): Promise<string | undefined> {
    const origin = this.#origins.get(originHash);
    return origin === undefined ? undefined : this.#ports.store.find(origin);
  }

  /** The log's own signature lines, one of each key (a stranger may have repeated them), or why there is none that counts. */
  async #signedBy(log: FollowedLog, note: string): Promise<readonly NoteSignature[] | string> {
    try {
      const { signers } = await verifyNote(this.#ports.crypto, note, log.keys);
      const { signatures } = parseNote(note);
      return signers.flatMap(({ key }) => signatures.find((line) => isBy(key, line)) ?? []);
    } catch (error) {
      if (findFaultCode(error)?.startsWith("note/") === true) return (error as Error).message;
      throw error;
    }
  }

  // Whoever is faster, the record only grows: who lost the race is told what is there now.
  async #follow(
    request: AddCheckpointRequest,
    next: Checkpoint,
    signed: readonly NoteSignature[],
  ): Promise<WitnessAnswer> {
    const { crypto, store } = this.#ports;
    const last = await store.find(next.origin);
    const judgement = judgeCheckpoint(crypto, recorded(next.origin, last), next, request);
    if (judgement.kind !== "consistent") return judgement;
    const { text } = parseNote(request.checkpoint);
    const lines = await this.#cosign(text);
    const note = formatNote({ text, signatures: [...signed, ...lines] });
    if (await store.replace(next.origin, note, last))
      return { kind: "cosigned", lines: formatSignatures(lines) };
    return { kind: "conflict", size: recorded(next.origin, await store.find(next.origin))?.size ?? 0 };
  }

  #cosign(text: string): Promise<NoteSignature[]> {
    const { crypto, clock, cosigners } = this.#ports;
    const time = clock.now();
    return Promise.all(cosigners.map((cosigner) => cosignCheckpoint(crypto, cosigner, text, time)));
  }
}

// The text of what may not be a note: a signature line that cannot be read is a signature that is missing.
function textOf(note: string): string {
  return note.slice(0, note.lastIndexOf("\n\n") + 1);
}

function isBy(key: VerifierKey, { name, keyId }: NoteSignature): boolean {
  return key.name === name && key.keyId === keyId;
}

function recorded(origin: string, note: string | undefined): Checkpoint | undefined {
  if (note === undefined) return undefined;
  const checkpoint = attempt(() => parseCheckpoint(parseNote(note).text));
  if (typeof checkpoint !== "string" && checkpoint.origin === origin) return checkpoint;
  throw witnessFault("witness/state", "what the witness has on record of the log cannot be read", {
    subject: origin,
    next: "restore it from a backup that is no older; a witness that forgot may cosign a fork",
  });
}

/** What a reader reads, or why it could not. */
function attempt<T extends object>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof CustodyError) return error.message;
    throw error;
  }
}
