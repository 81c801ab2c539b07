export * from "./client.ts";
export * from "./publisher.ts";
export * from "./push-bundle.ts";
