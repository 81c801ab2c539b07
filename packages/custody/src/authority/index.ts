export * from "./attestor.ts";
export { buildCertificate } from "./certificate-builder.ts";
export type { CertificateContent, Issuer } from "./certificate-builder.ts";
export * from "./certificate-authority.ts";
export { stampTime } from "./timestamp-authority.ts";
