import type { WitnessStore } from "./witness-store.ts";

/** A {@link WitnessStore} that lasts as long as the process. */
export function memoryWitnessStore(): WitnessStore {
  const notes = new Map<string, string>();
  return {
    find: async (origin) => notes.get(origin),
    async replace(origin, note, expected) {
      if (notes.get(origin) !== expected) return false;
      notes.set(origin, note);
      return true;
    },
  };
}
