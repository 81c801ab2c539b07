/** What is kept of a store: its documents as a JSON text, and the texts of its modules by their ids. */
export interface KeptContent {
  /** 0 where nothing was kept yet; each content that is kept has the next number. */
  readonly revision: number;
  readonly data: string;
  readonly modules: ReadonlyMap<string, string>;
}

/**
 * Keeps the content of one store beyond the process that changes it. Any number of processes may use the same one.
 *
 * Durability: what `replace` has said true to is read by all from then on, after a crash too. Concurrency: of two that
 * replace the same revision one wins, and the other is told false; nothing of it is kept. Nothing is tried again here:
 * a failure is the caller's, who does not know then whether it was kept, and reads.
 */
export interface ContentKeeper {
  /** The newest content; revision 0 with no modules and `{}` where there is none. */
  readonly read: () => Promise<KeptContent>;
  /** The number of the newest content alone. */
  readonly readRevision: () => Promise<number>;
  /** Keeps a content in the place of the one of the revision before its own; false where another was quicker. */
  readonly replace: (next: KeptContent) => Promise<boolean>;
}

export const noContent: KeptContent = { revision: 0, data: "{}", modules: new Map() };
