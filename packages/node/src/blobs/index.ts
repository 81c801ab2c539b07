export * from "./blob-files.ts";
