import { CustodyError } from "custody/ground";

/** Why configuration could not be checked. */
export type ConftestFaultCode =
  /** The text is not of its format. */
  | "conftest/parse"
  /** No format is known for the file. */
  | "conftest/format"
  /** A rule answered what is no message, or there is no rule to ask. */
  | "conftest/policy";

export class ConftestFault extends CustodyError<ConftestFaultCode> {}

/** A text that cannot be read; the line counts from 1. */
export function unreadable(line: number, reason: string): ConftestFault {
  return new ConftestFault("conftest/parse", `line ${line}: ${reason}`);
}
