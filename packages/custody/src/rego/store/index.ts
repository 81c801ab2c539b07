export type { DocumentWrite } from "./documents.ts";
export { StoreFault } from "./faults.ts";
export type { ActiveBundle, ActiveBundles } from "./ownership.ts";
export { parseDocumentPath, parsePatchPath } from "./paths.ts";
export type { DocumentPath } from "./paths.ts";
export type { Snapshot } from "./snapshot.ts";
export { RegoStore } from "./store.ts";
