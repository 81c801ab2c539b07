export { Checker } from "./checker.ts";
export type { CheckedFile, CheckResult, Complaint } from "./checker.ts";
export { ConftestFault } from "./faults.ts";
export type { ConftestFaultCode } from "./faults.ts";
export type { Format, Parsed, ValuePath } from "./format.ts";
export { findFormat, formats, getFormat } from "./formats/index.ts";
export { checkReport, outputs } from "./reports.ts";
export type { Output } from "./reports.ts";
export { findCheckRules, namespaceOf } from "./rules.ts";
