export * from "./drill.ts";
export { evidenceDrills } from "./evidence-drills.ts";
export { layoutDrills } from "./layout-drills.ts";
export * from "./live-drills.ts";
export { sandboxDrills } from "./sandbox-drills.ts";
export type { SandboxScene } from "./sandbox-drills.ts";
export { sourceDrills } from "./source-drills.ts";
