import type { FaultOptions } from "custody/ground";
import { CustodyError } from "custody/ground";

export type HostFaultCode =
  | "host/command-missing"
  | "host/command-failed"
  | "host/command-timeout"
  | "host/tools-missing"
  | "host/install-failed"
  | "host/unsupported";

export function hostFault(
  code: HostFaultCode,
  message: string,
  options: FaultOptions = {},
): CustodyError<HostFaultCode> {
  return new CustodyError(code, message, options);
}
