import { setTimeout as sleep } from "node:timers/promises";

import { CustodyError } from "custody/ground";
import type { Crypto } from "custody/ground";
import { logFault } from "custody/log";
import type { CosignRequest, Witnesses } from "custody/log";
import { describeMissing, formatNote, isQuorum, parseNote, readCosignatures } from "custody/note";
import type { Cosignature, NoteSignature, WitnessPolicy } from "custody/note";

import { WitnessClient, WitnessFailure } from "./witness-client.ts";

export interface HttpWitnessesOptions {
  readonly crypto: Crypto;
  /** Whom to ask: the witnesses that have a URL. Their cosignatures are enough when its quorum is reached. */
  readonly policy: WitnessPolicy;
  /** How long one checkpoint may take; 5 s where nothing is said. */
  readonly deadlineMilliseconds?: number;
  /** How long to wait for more when there are enough; 20 ms where nothing is said. */
  readonly extraMilliseconds?: number;
}

const firstPauseMilliseconds = 50;
const pauseLimitMilliseconds = 1000;
/** What a note may hold besides the log's own signature (C2SP tlog-policy's limits, and ours, are below it). */
const cosignatureLimit = 63;

/**
 * The {@link Witnesses} of a policy over HTTP (C2SP tlog-witness), all asked at once. Who fails is asked again until
 * the deadline, unless it said that it would not cosign this checkpoint.
 *
 * @throws CustodyError `witness/policy` when the witnesses that have URLs cannot reach the quorum.
 */
export function openHttpWitnesses(options: HttpWitnessesOptions): Witnesses {
  const { policy, deadlineMilliseconds = 5000, extraMilliseconds = 20 } = options;
  const reachable = policy.witnesses.filter(({ url }) => url !== undefined);
  if (!isQuorum(policy, reachable)) {
    throw new CustodyError("witness/policy", "the witnesses that have URLs cannot reach the quorum", {
      next: "write each witness's submission prefix behind its key",
    });
  }
  const urls = new Set(reachable.flatMap(({ url }) => url ?? []));
  const clients = Array.from(urls, (url) => new WitnessClient(url));
  return {
    cosign: (request) =>
      new Collection(options, request).gather(clients, { deadlineMilliseconds, extraMilliseconds }),
  };
}

interface Patience {
  readonly deadlineMilliseconds: number;
  readonly extraMilliseconds: number;
}

/** The cosignatures of one checkpoint, as they come in. */
class Collection {
  readonly #crypto: Crypto;
  readonly #policy: WitnessPolicy;
  readonly #request: CosignRequest;
  readonly #good = new Map<string, Cosignature>();
  readonly #lines: NoteSignature[] = [];
  readonly #failures = new Map<string, string>();
  readonly #enough = Promise.withResolvers<void>();

  constructor({ crypto, policy }: HttpWitnessesOptions, request: CosignRequest) {
    this.#crypto = crypto;
    this.#policy = policy;
    this.#request = request;
  }

  async gather(
    clients: readonly WitnessClient[],
    { deadlineMilliseconds, extraMilliseconds }: Patience,
  ): Promise<string> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), deadlineMilliseconds);
    this.#checkEnough();
    const all = Promise.all(clients.map((client) => this.#ask(client, stop.signal)));
    const enough = this.#enough.promise.then(() =>
      sleep(extraMilliseconds, undefined, { signal: stop.signal }),
    );
    await Promise.race([all, enough.catch(() => undefined)]);
    clearTimeout(timer);
    stop.abort();
    if (!this.#isEnough()) throw this.#notWitnessed();
    return this.#note();
  }

  // A witness that is away, or busy, may be back before the deadline.
  async #ask(client: WitnessClient, signal: AbortSignal): Promise<void> {
    for (
      let pause = firstPauseMilliseconds;
      !signal.aborted;
      pause = Math.min(2 * pause, pauseLimitMilliseconds)
    ) {
      try {
        return await this.#take(client, await client.cosign(this.#request, signal));
      } catch (error) {
        if (!(error instanceof WitnessFailure)) throw error;
        if (!signal.aborted) this.#failures.set(client.url, error.message);
        if (error.isFinal) return undefined;
      }
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  }

  async #take({ url }: WitnessClient, lines: readonly NoteSignature[]): Promise<void> {
    const { text } = parseNote(this.#request.checkpoint.note);
    const { good } = await readCosignatures(
      this.#crypto,
      formatNote({ text, signatures: lines }),
      this.#policy,
    );
    if (good.length === 0) this.#failures.set(url, "it cosigned with no key of the policy");
    for (const cosignature of good) {
      const { name, key } = cosignature.witness;
      const line = lines.find((line) => line.name === key.name && line.keyId === key.keyId);
      if (!line || this.#good.has(name)) continue;
      this.#good.set(name, cosignature);
      this.#lines.push(line);
    }
    this.#checkEnough();
  }

  #checkEnough(): void {
    if (this.#isEnough()) this.#enough.resolve();
  }

  #isEnough(): boolean {
    return isQuorum(
      this.#policy,
      Array.from(this.#good.values(), ({ witness }) => witness),
    );
  }

  #note(): string {
    const { text, signatures } = parseNote(this.#request.checkpoint.note);
    return formatNote({ text, signatures: [...signatures, ...this.#lines.slice(0, cosignatureLimit)] });
  }

  #notWitnessed(): Error {
    const reasons = Array.from(this.#failures, ([url, message]) => `${url}: ${message}`);
    return logFault("log/not-witnessed", describeMissing(this.#policy, [...this.#good.values()]), {
      next: "see to it that the witnesses of the policy run, and follow this log",
      details: { witnesses: reasons },
    });
  }
}
