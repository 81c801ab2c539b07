export * from "./admission.ts";
export * from "./chain-archive.ts";
export * from "./decision-cache.ts";
export * from "./gate.ts";
export * from "./gates/index.ts";
export * from "./identities.ts";
export * from "./plan-layout.ts";
