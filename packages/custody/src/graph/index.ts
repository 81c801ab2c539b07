export * from "./draw-chain.ts";
export * from "./picture.ts";
export * from "./trace.ts";
