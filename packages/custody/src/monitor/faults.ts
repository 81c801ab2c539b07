import { CustodyError } from "custody/ground";
import type { FaultOptions } from "custody/ground";

/** Why a monitor cannot look: the log, its own state, or its lists cannot be read. */
export type MonitorFaultCode = "monitor/unreachable" | "monitor/state" | "monitor/list";

export function monitorFault(
  code: MonitorFaultCode,
  message: string,
  options?: FaultOptions,
): CustodyError<MonitorFaultCode> {
  return new CustodyError(code, message, options);
}
