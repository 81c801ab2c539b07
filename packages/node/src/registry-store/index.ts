export * from "./metadata-rows.ts";
export * from "./upload-files.ts";
