import { CustodyError } from "custody/ground";

type InTotoFaultCode = "in-toto/metadata" | "in-toto/key" | "in-toto/no-inspector";

/** Metadata that cannot be read: what it says could not be decided on. */
export function inTotoFault(
  code: InTotoFaultCode,
  message: string,
  more: { readonly next?: string; readonly cause?: unknown; readonly subject?: string } = {},
): CustodyError<InTotoFaultCode> {
  return new CustodyError(code, message, more);
}
