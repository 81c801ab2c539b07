import { CustodyError } from "custody/ground";

export type LogIndexFaultCode =
  /** The proof does not show what it should: the answer is not the index's. */
  | "log-index/proof"
  /** The commitment is none, or not of the log that was asked about. */
  | "log-index/commitment";

export function indexFault(code: LogIndexFaultCode, message: string): CustodyError<LogIndexFaultCode> {
  return new CustodyError(code, message);
}
