export type { ObjectReader } from "./object-reader.ts";
export { ReaderPool } from "./reader-pool.ts";
export * from "./repositories.ts";
export { runGit } from "./run-git.ts";
