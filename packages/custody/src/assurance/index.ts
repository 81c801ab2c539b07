export * from "./drill.ts";
export { evidenceDrills } from "./evidence-drills.ts";
export { layoutDrills } from "./layout-drills.ts";
export { sourceDrills } from "./source-drills.ts";
