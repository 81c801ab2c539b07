export * from "./tile-client.ts";
