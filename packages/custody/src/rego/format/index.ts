export { formatModule } from "./format-module.ts";
export type { FormatOptions, Target } from "./options.ts";
