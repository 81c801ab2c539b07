export * from "./attestor.ts";
export { buildCertificate } from "./certificate-builder.ts";
export type { CertificateContent, Issuer } from "./certificate-builder.ts";
export * from "./certificate-authority.ts";
export { rejectTimestamp, stampRequest, stampTime } from "./timestamp-authority.ts";
export { parseTimestampRequest, readTimestampJson, TimestampRejection } from "./timestamp-request.ts";
export type { TimestampFailure, TimestampRequest } from "./timestamp-request.ts";
