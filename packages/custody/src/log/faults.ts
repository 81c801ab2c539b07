import { CustodyError } from "custody/ground";
import type { FaultOptions } from "custody/ground";

export type LogFaultCode =
  | "log/forked"
  | "log/inconsistent"
  | "log/rolled-back"
  | "log/corrupt"
  | "log/entry-size"
  | "log/no-entry"
  | "log/contended"
  | "log/not-witnessed"
  | "log/frozen"
  | "log/busy"
  | "log/closed";

export function logFault(
  code: LogFaultCode,
  message: string,
  options?: FaultOptions,
): CustodyError<LogFaultCode> {
  return new CustodyError(code, message, options);
}
