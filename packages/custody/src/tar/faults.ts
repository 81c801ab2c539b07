import type { FaultOptions } from "custody/ground";
import { CustodyError } from "custody/ground";

/** Every way in which an archive, or a tree that should become one, is not what Custody accepts. */
export type TarFaultCode =
  | "tar/path"
  | "tar/duplicate"
  | "tar/below-non-directory"
  | "tar/entry-type"
  | "tar/mode"
  | "tar/size"
  | "tar/link"
  | "tar/header"
  | "tar/pax"
  | "tar/truncated"
  | "tar/trailing-data"
  | "tar/too-many-entries"
  | "tar/too-large";

export function tarFault(
  code: TarFaultCode,
  message: string,
  options: FaultOptions = {},
): CustodyError<TarFaultCode> {
  return new CustodyError(code, message, options);
}
