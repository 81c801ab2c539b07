export type {
  Builtin,
  BuiltinContext,
  HttpAnswer,
  HttpFailure,
  HttpOutcome,
  HttpRequest,
  PemSource,
  RegoCrypto,
  RegoHost,
  TlsSettings,
} from "./builtins/builtin.ts";
export { BuiltinError } from "./builtins/builtin.ts";
export { prepareSchema } from "./builtins/json-schema/prepare-schema.ts";
export type { SchemaFault } from "./builtins/json-schema/prepare-schema.ts";
export { refsOfRule } from "./compile/visit.ts";
export { compile, compileParsed, Policy, PreparedQuery } from "./engine.ts";
export { PreparedDocuments } from "./documents.ts";
export type { EvaluateOptions } from "./documents.ts";
export type { Answer, Backend, CompileOptions, PrepareOptions } from "./engine.ts";
export { RegoFault } from "./faults.ts";
export type { RegoFaultCode } from "./faults.ts";
export { EvaluationError, WorldAnswers } from "./runtime/index.ts";
export type { EvaluationCode, Limits } from "./runtime/index.ts";
export { diagnosticText, moduleText, parseModules, RegoDiagnostics } from "./syntax/index.ts";
export type { Diagnostic, DiagnosticCode, Location, Module, RegoVersion, Source } from "./syntax/index.ts";
export type { RegoType } from "./types.ts";
export * from "./values/index.ts";
