export type { TreeEntry, FileEntry, DirectoryEntry, SymlinkEntry } from "./entry.ts";
export { comparePaths, parseTreePath } from "./path.ts";
export type { TarFaultCode } from "./faults.ts";
export type { ReadTarOptions, TarLimits } from "./read.ts";
export { readTar } from "./read.ts";
export { parseWhiteout } from "./whiteout.ts";
export type { Whiteout } from "./whiteout.ts";
export type { WriteTarOptions } from "./write.ts";
export { writeTar } from "./write.ts";
