import { CustodyError } from "custody/ground";
import type { FaultOptions } from "custody/ground";

/** What can be wrong with a note, a key or a checkpoint. */
export type NoteFaultCode =
  | "note/syntax"
  | "note/limit"
  | "note/key"
  | "note/signature"
  | "note/unsigned"
  | "note/checkpoint"
  | "note/origin"
  | "note/policy"
  | "note/proof";

export function noteFault(
  code: NoteFaultCode,
  message: string,
  options?: FaultOptions,
): CustodyError<NoteFaultCode> {
  return new CustodyError(code, message, options);
}
