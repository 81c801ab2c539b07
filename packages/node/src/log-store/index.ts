export * from "./sequence-rows.ts";
export * from "./tile-files.ts";
