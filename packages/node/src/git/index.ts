export type { ObjectReader } from "./object-reader.ts";
export * from "./repositories.ts";
export { runGit } from "./run-git.ts";
