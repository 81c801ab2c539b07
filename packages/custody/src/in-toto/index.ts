export type { Artifacts, LinkArtifacts } from "./artifact-rules.ts";
export { parsePublicKeyPem } from "./keys.ts";
export type { Parameters } from "./parameters.ts";
export { findLayoutDocument } from "./attestation-layout/document.ts";
export type { LayoutDocument } from "./attestation-layout/document.ts";
export { verifyAttestationLayout } from "./attestation-layout/verify.ts";
export type { AttestationQuestion } from "./attestation-layout/verify.ts";
export type {
  AttestationFile,
  AttestationSource,
  Inspected,
  Inspector,
  LinkFile,
  LinkSource,
} from "./ports.ts";
export { inTotoCodes } from "./codes.ts";
export type { InTotoCode } from "./codes.ts";
export { verifyLayout } from "./verify-layout.ts";
export type { LayoutQuestion, VerifiedStep, VerifiedSupplyChain } from "./verify-layout.ts";
