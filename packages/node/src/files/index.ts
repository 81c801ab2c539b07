export * from "./durable-file.ts";
export * from "./faults.ts";
