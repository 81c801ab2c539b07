import { CustodyError } from "custody/ground";

const maxStreams = 200;
const maxStreamsOfSession = 20;

/** How many streams may be open: of all together, and of one session. */
export class StreamSlots {
  readonly #open = new Map<string | undefined, number>();
  #size = 0;

  /** How many are taken. */
  get size(): number {
    return this.#size;
  }

  /**
   * Takes a slot; whoever holds the server's token has no session, and no bound but that of all.
   *
   * @returns gives it back, once however often it is called.
   * @throws CustodyError `console/too-many-streams`
   */
  take(session: string | undefined): () => void {
    const ofSession = this.#open.get(session) ?? 0;
    if (this.#size >= maxStreams) throw tooMany(`${maxStreams} streams are open`);
    if (session !== undefined && ofSession >= maxStreamsOfSession)
      throw tooMany(`${maxStreamsOfSession} streams of this session are open`);
    this.#count(session, 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#count(session, -1);
      isTaken = false;
    };
  }

  #count(session: string | undefined, change: number): void {
    const now = (this.#open.get(session) ?? 0) + change;
    this.#size += change;
    if (now === 0) this.#open.delete(session);
    else this.#open.set(session, now);
  }
}

function tooMany(message: string): CustodyError<"console/too-many-streams"> {
  return new CustodyError("console/too-many-streams", message, { next: "close a tab" });
}
