export * from "./add-checkpoint.ts";
export type { WitnessFaultCode } from "./faults.ts";
export * from "./followed-logs.ts";
export * from "./memory.ts";
export type { WitnessStore } from "./witness-store.ts";
export * from "./witness.ts";
