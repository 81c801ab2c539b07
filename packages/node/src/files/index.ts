export * from "./durable-file.ts";
export * from "./faults.ts";
export * from "./lock-directory.ts";
