export { evaluatePartially } from "./partial.ts";
export type { PartialOptions } from "./partial.ts";
export type { Residual } from "./residual.ts";
export { residualJson } from "./residual-json.ts";
export type { ResidualJson } from "./residual-json.ts";
export { parseDocumentRef } from "./document-ref.ts";
export type { DocumentPath } from "./unknowns.ts";
