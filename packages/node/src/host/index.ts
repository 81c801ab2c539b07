export type { CommandOptions, CommandResult } from "./command.ts";
export { runCommand, runCommandOrThrow, systemPath } from "./command.ts";
export type { HostFaultCode } from "./faults.ts";
export type { Feature } from "./features.ts";
export { findFeatures } from "./features.ts";
export type { InstallOptions } from "./install.ts";
export { ensureRequirements, ensureTestTools } from "./install.ts";
export type { HostReport, Tool, ToolName } from "./requirements.ts";
export { findRequirements, findTestTools, tools } from "./requirements.ts";
