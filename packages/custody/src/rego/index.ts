export type { Builtin, BuiltinContext, RegoHost } from "./builtins/builtin.ts";
export { BuiltinError } from "./builtins/builtin.ts";
export { RegoFault } from "./faults.ts";
export type { RegoFaultCode } from "./faults.ts";
export type { RegoType } from "./types.ts";
export * from "./values/index.ts";
