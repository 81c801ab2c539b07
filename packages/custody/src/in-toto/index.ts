export type { Artifacts, LinkArtifacts } from "./artifact-rules.ts";
export { parsePublicKeyPem } from "./keys.ts";
export type { Parameters } from "./parameters.ts";
export type { Inspected, Inspector, LinkFile, LinkSource } from "./ports.ts";
export { inTotoCodes } from "./codes.ts";
export type { InTotoCode } from "./codes.ts";
export { verifyLayout } from "./verify-layout.ts";
export type { LayoutQuestion, VerifiedStep, VerifiedSupplyChain } from "./verify-layout.ts";
