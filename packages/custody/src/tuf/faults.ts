import type { FaultOptions } from "custody/ground";
import { CustodyError } from "custody/ground";

export type TufFaultCode =
  /** The metadata is not what the specification says, or of a role that was not asked for. */
  | "tuf/malformed"
  /** Metadata are signed by too few of the keys that must sign them. */
  | "tuf/threshold"
  /** Metadata are not of the version that they must be: a root that does not follow the one in force. */
  | "tuf/version"
  /** Metadata are older than what was trusted before, or leave out what it named. */
  | "tuf/rollback"
  /** Metadata, a target or a key that is needed is not there. */
  | "tuf/missing"
  /** A file of a repository of our own is not as it was signed. */
  | "tuf/damaged"
  /** A file is not of the length or the hashes that were signed for it. */
  | "tuf/mismatch"
  /** Metadata are past their end. */
  | "tuf/expired"
  /** A file is larger, or there are more roots or delegations, than a client takes. */
  | "tuf/limit"
  /** The repository did not answer, or not with a file. */
  | "tuf/unreachable";

export function tufFault(
  code: TufFaultCode,
  message: string,
  options?: FaultOptions,
): CustodyError<TufFaultCode> {
  return new CustodyError(code, message, options);
}
