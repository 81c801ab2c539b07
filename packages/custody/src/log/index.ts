export * from "./checkpoint-guard.ts";
export type { LogFaultCode } from "./faults.ts";
export type { LogEntryProof } from "./log-view.ts";
export * from "./memory.ts";
export * from "./open-log.ts";
export type { SequenceStore } from "./sequence-store.ts";
export type { TileStore } from "./tile-store.ts";
