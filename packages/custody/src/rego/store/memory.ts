import { noContent } from "./content-keeper.ts";
import type { ContentKeeper, KeptContent } from "./content-keeper.ts";

/** A {@link ContentKeeper} that lasts as long as its process. */
export function memoryContentKeeper(): ContentKeeper {
  let kept: KeptContent = noContent;
  return {
    read: async () => kept,
    readRevision: async () => kept.revision,
    replace: async (next) => {
      if (next.revision !== kept.revision + 1) return false;
      kept = { ...next, modules: new Map(next.modules) };
      return true;
    },
  };
}
