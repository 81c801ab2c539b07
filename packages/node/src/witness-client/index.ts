export * from "./http-witnesses.ts";
