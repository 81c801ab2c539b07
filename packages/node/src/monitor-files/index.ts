export * from "./monitor-file.ts";
