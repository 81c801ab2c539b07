export * from "./witness-files.ts";
