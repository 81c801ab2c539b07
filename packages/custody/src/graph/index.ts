export * from "./draw-chain.ts";
export type { ToldProcess } from "./draw-process.ts";
export * from "./picture.ts";
export * from "./trace.ts";
