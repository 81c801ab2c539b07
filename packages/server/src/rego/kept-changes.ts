import { CustodyError } from "custody/ground";
import { isObject, readJson, writeJson } from "custody/rego";
import type { ContentKeeper, KeptContent, RegoStore, Snapshot } from "custody/rego/store";

const triesLimit = 5;
const pollMilliseconds = 1000;

/**
 * Changes of a store that are kept: one after the other, each over the newest content, and seen by nobody before it is
 * durable. Changes that other processes made come in within a second.
 */
export class KeptChanges {
  readonly #store: RegoStore;
  readonly #keeper: ContentKeeper;
  readonly #say: (line: string) => void;
  #revision = 0;
  #last: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #said: string | undefined;

  constructor(store: RegoStore, keeper: ContentKeeper, say: (line: string) => void) {
    this.#store = store;
    this.#keeper = keeper;
    this.#say = say;
  }

  /** Takes over what is kept, and looks for changes from now on; what cannot be read or compiled is told, and tried again. */
  async open(): Promise<void> {
    await this.#look();
    this.#timer = setInterval(() => void this.#look(), pollMilliseconds).unref();
  }

  async #look(): Promise<void> {
    try {
      await this.#inTurn(() => this.#refresh());
      this.#said = undefined;
    } catch (error) {
      const message = `policies: ${error instanceof Error ? error.message : "unknown"}`;
      if (message !== this.#said) this.#say(message);
      this.#said = message;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#last.catch(() => undefined);
  }

  /** Makes a change; durable when it is through. @throws what the change throws; why it could not be kept. */
  readonly change = (work: () => void): Promise<void> => this.#inTurn(() => this.#change(work));

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.catch(() => undefined).then(work);
    this.#last = turn;
    return turn;
  }

  async #change(work: () => void): Promise<void> {
    for (let i = 0; i < triesLimit; i++) {
      await this.#refresh();
      const before = this.#store.snapshot;
      const after = this.#attempt(work, before);
      if (after === before) return;
      const next = contentOf(after, this.#revision + 1);
      if (!(await this.#keeper.replace(next))) continue;
      this.#revision = next.revision;
      this.#store.restore(after);
      return;
    }
    throw new CustodyError("server/policies", "other servers changed the policies meanwhile", {
      next: "try again",
    });
  }

  /** The store after a change, which stays as it was. */
  #attempt(work: () => void, before: Snapshot): Snapshot {
    try {
      work();
      return this.#store.snapshot;
    } finally {
      this.#store.restore(before);
    }
  }

  async #refresh(): Promise<void> {
    if ((await this.#keeper.readRevision()) === this.#revision) return;
    const { revision, data, modules } = await this.#keeper.read();
    const documents = readJson(data);
    if (!isObject(documents))
      throw new CustodyError("server/policies", "the documents that were kept are none");
    this.#store.replace(
      documents,
      [...modules].map(([file, text]) => ({ file, text })),
    );
    this.#revision = revision;
  }
}

function contentOf({ content }: Snapshot, revision: number): KeptContent {
  const modules = new Map([...content.modules].map(([id, { text }]) => [id, text] as const));
  return { revision, data: writeJson(content.data), modules };
}
