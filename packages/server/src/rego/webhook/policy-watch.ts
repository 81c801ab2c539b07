import type { Decider } from "./deciders.ts";

/** Policies as they were read, before they are made ready. */
export interface PolicySet {
  /** The same for the same policies. */
  readonly fingerprint: string;
  /** @throws what they are refused for. */
  readonly open: () => readonly Decider[];
}

export interface PolicySource {
  /** @throws why they cannot be read. */
  readonly read: () => Promise<PolicySet>;
  readonly intervalMilliseconds: number;
}

/** The policies that decide: read again and again, and replaced as a whole. Those that are refused change nothing. */
export class PolicyWatch {
  readonly #source: PolicySource;
  readonly #say: (line: string) => void;
  #deciders: readonly Decider[] = [];
  #fingerprint = "";
  /** What was read last: only what is the same twice is not in the middle of being written. */
  #seen: string | undefined;
  #problem: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isReading = false;

  constructor(source: PolicySource, say: (line: string) => void) {
    this.#source = source;
    this.#say = say;
  }

  /** All of them have to allow. */
  get deciders(): readonly Decider[] {
    return this.#deciders;
  }

  /** Why what is there now does not decide; undefined where it does. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Reads them for the first time, and looks for others from then on. @throws what they are refused for. */
  async start(): Promise<void> {
    this.#take(await this.#source.read());
    this.#timer = setInterval(() => void this.#look(), this.#source.intervalMilliseconds).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const set = await this.#source.read();
      const isSettled = set.fingerprint === this.#seen;
      this.#seen = set.fingerprint;
      if (!isSettled) return;
      if (this.#take(set) || this.#problem !== undefined)
        this.#say("policies: those that are there now decide");
      this.#problem = undefined;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== this.#problem) this.#say(`policies: those of before decide: ${problem}`);
      this.#problem = problem;
    } finally {
      this.#isReading = false;
    }
  }

  #take({ fingerprint, open }: PolicySet): boolean {
    if (fingerprint === this.#fingerprint) return false;
    this.#deciders = open();
    this.#fingerprint = fingerprint;
    return true;
  }
}
