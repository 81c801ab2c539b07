export * from "./blob-store.ts";
export { describe } from "./descriptor.ts";
export type { Annotations, Descriptor, Platform } from "./descriptor.ts";
export type { OciFaultCode } from "./faults.ts";
export * from "./image-config.ts";
export * from "./manifest.ts";
export * from "./media-types.ts";
export * from "./memory.ts";
export * from "./reference.ts";
