import type { FaultOptions } from "custody/ground";
import { CustodyError } from "custody/ground";

export type TufFaultCode =
  /** The metadata is not what the specification says, or of a role that was not asked for. */
  | "tuf/malformed"
  /** A root is signed by too few of the keys that must sign it. */
  | "tuf/threshold"
  /** A root does not follow the one in force. */
  | "tuf/version"
  /** Metadata, or a key, that the repository needs is not there. */
  | "tuf/missing"
  /** The root is past its end. */
  | "tuf/expired";

export function tufFault(
  code: TufFaultCode,
  message: string,
  options?: FaultOptions,
): CustodyError<TufFaultCode> {
  return new CustodyError(code, message, options);
}
