import { CustodyError } from "custody/ground";

export type LogIndexFaultCode =
  /** The proof does not show what it should: the answer is not the index's. */
  | "log-index/proof"
  /** The commitment is none, or not of the log that was asked about. */
  | "log-index/commitment"
  /** The answer is of another shape than answers have. */
  | "log-index/answer";

export function indexFault(code: LogIndexFaultCode, message: string): CustodyError<LogIndexFaultCode> {
  return new CustodyError(code, message);
}

export function leftOutFault(): CustodyError<LogIndexFaultCode> {
  return indexFault("log-index/proof", "the server does not show all entries that its index names");
}
