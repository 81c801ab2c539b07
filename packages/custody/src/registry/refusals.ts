import { utf8 } from "custody/ground";

import { respond } from "./http.ts";
import type { RegistryResponse } from "./http.ts";

/** Error codes of OCI distribution-spec v1.1, Error Codes. */
export type RegistryErrorCode = keyof typeof statuses;

const statuses = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 416,
  BLOB_UPLOAD_UNKNOWN: 404,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 404,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  SIZE_INVALID: 400,
  TAG_INVALID: 400,
  UNAUTHORIZED: 401,
  DENIED: 403,
  UNSUPPORTED: 405,
  RANGE_INVALID: 416,
  TOO_LARGE: 413,
  UNAVAILABLE: 503,
} as const;

/** The response that says no, with the specification's JSON body. */
export function refuse(
  code: RegistryErrorCode,
  message: string,
  headers: RegistryResponse["headers"] = {},
): RegistryResponse {
  const body = utf8(JSON.stringify({ errors: [{ code, message }] }));
  return respond(statuses[code], { "Content-Type": "application/json", ...headers }, body);
}
