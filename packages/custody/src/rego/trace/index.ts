export { apiDocument, commandDocument } from "./documents.ts";
export { eventsOf, explainModes } from "./filter.ts";
export type { ExplainMode } from "./filter.ts";
export { traceLines } from "./lines.ts";
export { TraceLog } from "./log.ts";
