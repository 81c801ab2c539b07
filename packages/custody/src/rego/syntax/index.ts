export type { Annotation, SchemaAnnotation } from "./annotations.ts";
export type * from "./ast.ts";
export { diagnosticText, RegoDiagnostics } from "./diagnostics.ts";
export type { Diagnostic, DiagnosticCode } from "./diagnostics.ts";
export type { Location } from "./location.ts";
export { nowhere } from "./location.ts";
export { parseModule, parseQuery } from "./parser.ts";
export type { ParseOptions, Source } from "./parser.ts";
export { builtinRef, termName } from "./terms.ts";
