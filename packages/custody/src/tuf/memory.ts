import type { Bytes } from "custody/ground";

import type { TufFiles } from "./repository.ts";

/** The files of a repository, in memory. */
export function memoryTufFiles(): TufFiles & { readonly files: Map<string, Bytes> } {
  const files = new Map<string, Bytes>();
  return {
    files,
    read: (name) => Promise.resolve(files.get(name)),
    list: () => Promise.resolve([...files.keys()].filter((name) => !name.includes("/"))),
    write: (name, bytes) => {
      files.set(name, bytes);
      return Promise.resolve();
    },
  };
}
