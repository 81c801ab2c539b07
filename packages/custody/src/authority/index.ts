export * from "./attestor.ts";
export { buildCertificate, textExtension } from "./certificate-builder.ts";
export type {
  BuilderPorts,
  CertificateContent,
  CertificateExtension,
  CertificateWitness,
  Issuer,
  SubjectName,
} from "./certificate-builder.ts";
export * from "./certificate-authority.ts";
export { rejectTimestamp, stampRequest, stampTime } from "./timestamp-authority.ts";
export { parseTimestampRequest, readTimestampJson, TimestampRejection } from "./timestamp-request.ts";
export type { TimestampFailure, TimestampRequest } from "./timestamp-request.ts";
