export * from "./spiffe-id.ts";
