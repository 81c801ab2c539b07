export { openAttestationFolder } from "./attestation-folder.ts";
export { openInspector } from "./inspections.ts";
export type { InspectionOptions, InspectionPlace } from "./inspections.ts";
export { openLinkFolder } from "./link-folder.ts";
