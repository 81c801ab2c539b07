import { changeChannel } from "@custody/node/console-store";
import type { Database } from "@custody/node/postgres";

/** What has changed: which kind of row, and whose; `any` when some changes may have been missed. */
export interface Change {
  readonly kind: "delivery" | "event" | "workload" | "decision" | "any";
  /** The delivery's id, the workload's name, the gate. */
  readonly of: string;
}

/** Tells whoever looks that there is something new, whichever server process wrote it. It says what, and not how it is now. */
export class ChangeFeed {
  readonly #listeners = new Set<(change: Change) => void>();
  #unlisten: () => Promise<void> = async () => undefined;

  async start(database: Pick<Database, "listen">): Promise<void> {
    this.#unlisten = await database.listen(changeChannel, (payload) => this.#tell(changeOf(payload)));
  }

  async stop(): Promise<void> {
    await this.#unlisten();
  }

  /** How many listen now. */
  get size(): number {
    return this.#listeners.size;
  }

  /** Hears every change from now on, until what is returned is called. */
  listen(hear: (change: Change) => void): () => void {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  #tell(change: Change): void {
    for (const hear of this.#listeners) hear(change);
  }
}

function changeOf(payload: string | undefined): Change {
  const [kind = "any", ...of] = payload?.split(" ") ?? [];
  return { kind: kind as Change["kind"], of: of.join(" ") };
}
