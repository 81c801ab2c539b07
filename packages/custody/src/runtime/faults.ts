import type { FaultOptions } from "custody/ground";
import { CustodyError } from "custody/ground";

/** Faults of the sandbox itself: it could not run what it was given. What the step did wrong is an outcome. */
export type RuntimeFaultCode =
  | "runtime/root-unusable"
  | "runtime/start-failed"
  | "runtime/too-many-sandboxes"
  | "runtime/specification"
  | "runtime/closed";

export function runtimeFault(
  code: RuntimeFaultCode,
  message: string,
  options: FaultOptions = {},
): CustodyError<RuntimeFaultCode> {
  return new CustodyError(code, message, options);
}
