import type { FaultOptions } from "custody/ground";
import { CustodyError } from "custody/ground";

export type StemcellFaultCode =
  | "stemcell/recipe"
  | "stemcell/closed"
  | "stemcell/no-source"
  | "stemcell/build-failed"
  | "stemcell/package-list"
  | "stemcell/pin-unavailable";

export function stemcellFault(
  code: StemcellFaultCode,
  message: string,
  options: FaultOptions = {},
): CustodyError<StemcellFaultCode> {
  return new CustodyError(code, message, options);
}
