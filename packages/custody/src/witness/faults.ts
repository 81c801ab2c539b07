import { CustodyError } from "custody/ground";
import type { FaultOptions } from "custody/ground";

/** What can be wrong with a request to a witness, the list of logs that it follows, or what it keeps. */
export type WitnessFaultCode = "witness/request" | "witness/logs" | "witness/state";

export function witnessFault(
  code: WitnessFaultCode,
  message: string,
  options?: FaultOptions,
): CustodyError<WitnessFaultCode> {
  return new CustodyError(code, message, options);
}
