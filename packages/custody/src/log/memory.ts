import { equalBytes } from "custody/ground";
import type { Bytes } from "custody/ground";

import { logFault } from "./faults.ts";
import type { SequenceStore } from "./sequence-store.ts";
import type { TileStore } from "./tile-store.ts";
import type { WitnessedStore } from "./witnesses.ts";

/** A {@link SequenceStore} that lasts as long as the process. */
export function memorySequenceStore(): SequenceStore {
  const kept: Bytes[] = [];
  let published: string | undefined;
  let isFrozen = false;
  return {
    async freeze() {
      isFrozen = true;
    },
    async assign(entries) {
      if (isFrozen) throw frozen();
      const first = kept.length;
      kept.push(...entries.map((entry) => entry.slice()));
      return first;
    },
    readEntries: async (from, limit) => kept.slice(from, from + limit),
    findCheckpoint: async () => published,
    async publish(note, expected) {
      if (isFrozen) throw frozen();
      if (published !== expected) return false;
      published = note;
      return true;
    },
    exclusively: (work) => work(),
  };
}

/** A {@link TileStore} that lasts as long as the process. */
export function memoryTileStore(): TileStore {
  const tiles = new Map<string, Bytes>();
  return {
    async write(path, content) {
      const present = tiles.get(path);
      if (!present) tiles.set(path, content.slice());
      else if (!equalBytes(present, content)) throw otherContent(path);
    },
    read: async (path) => tiles.get(path)?.slice(),
  };
}

/** A {@link WitnessedStore} that lasts as long as the process. */
export function memoryWitnessedStore(): WitnessedStore {
  let witnessed: string | undefined;
  return {
    find: async () => witnessed,
    async replace(note, expected) {
      if (witnessed !== expected) return false;
      witnessed = note;
      return true;
    },
  };
}

/** The fault of whoever would add to a log that has ended. */
export function frozen(): Error {
  return logFault("log/frozen", "the log has ended and takes nothing more", {
    next: "append to the shard that the trusted root names without an end",
  });
}

/** The fault of a write where other content already is. */
export function otherContent(path: string): Error {
  return logFault("log/corrupt", "a tile that never changes would have changed", {
    subject: path,
    next: "stop the log and compare its tiles with its entries: one of them was altered",
  });
}
