// The page knows these; the engine behind `answer.ts` is for its worker alone.
export type * from "./reports.ts";
export { fileNames, maxTextLength, workspaceFields } from "./workspace.ts";
export type { Workspace } from "./workspace.ts";
