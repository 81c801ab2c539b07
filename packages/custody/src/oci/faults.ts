import { CustodyError } from "custody/ground";
import type { FaultOptions } from "custody/ground";

export type OciFaultCode = "oci/reference" | "oci/manifest" | "oci/config" | "oci/digest";

export function ociFault(
  code: OciFaultCode,
  message: string,
  options?: FaultOptions,
): CustodyError<OciFaultCode> {
  return new CustodyError(code, message, options);
}
