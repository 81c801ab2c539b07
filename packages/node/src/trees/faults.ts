import type { FaultOptions } from "custody/ground";
import { CustodyError } from "custody/ground";

export type TreesFaultCode =
  | "trees/not-fresh"
  | "trees/through-link"
  | "trees/name"
  | "trees/missing"
  | "trees/escape"
  | "trees/symlink"
  | "trees/special-file"
  | "trees/hard-link"
  | "trees/other-device"
  | "trees/set-id"
  | "trees/changed"
  | "trees/too-many-files"
  | "trees/too-large"
  | "trees/digest";

export function treesFault(
  code: TreesFaultCode,
  message: string,
  options: FaultOptions = {},
): CustodyError<TreesFaultCode> {
  return new CustodyError(code, message, options);
}
