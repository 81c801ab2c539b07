import type { FaultOptions } from "custody/ground";
import { CustodyError } from "custody/ground";

export type RecorderFaultCode =
  /** A named file or directory is not there, or is none of the two. */
  | "recorder/absent"
  /** A link that leads out of the directory that was named. */
  | "recorder/link"
  /** What begins like a digest and is none, or goes by no name. */
  | "recorder/digest"
  /** More files than one attestation can name. */
  | "recorder/too-many"
  /** Two artifacts would have one name. */
  | "recorder/twice"
  /** The work tree is not the commit that it claims to be. */
  | "recorder/dirty"
  /** The command could not be started. */
  | "recorder/command";

export function recorderFault(
  code: RecorderFaultCode,
  message: string,
  options?: FaultOptions,
): CustodyError<RecorderFaultCode> {
  return new CustodyError(code, message, options);
}
