export type { CollectLimits } from "./collect.ts";
export { collectOutputs } from "./collect.ts";
export type { TreesFaultCode } from "./faults.ts";
export { hashTree, packTree, readTree } from "./pack.ts";
export { findStats } from "./stats.ts";
export type { OpenArchive } from "./tree-cache.ts";
export { TreeCache } from "./tree-cache.ts";
export { unpackLayers, unpackTree } from "./unpack.ts";
