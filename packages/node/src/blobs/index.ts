export * from "./blob-faults.ts";
export * from "./blob-files.ts";
