import type { FaultOptions } from "custody/ground";
import { CustodyError } from "custody/ground";

export type FulcioFaultCode =
  /** The file of issuers cannot be used. */
  | "fulcio/configuration"
  /** The request for a certificate is malformed. */
  | "fulcio/request"
  /** The identity token is malformed, forged, expired or for somebody else. */
  | "fulcio/token"
  /** Nobody here trusts the token's issuer. */
  | "fulcio/issuer-unknown"
  /** The issuer's keys could not be had: the token is neither good nor bad. */
  | "fulcio/issuer-unreachable"
  /** The token is good, and names nobody whom a certificate may be made out to. */
  | "fulcio/identity"
  /** The requester has not shown that the private key is theirs. */
  | "fulcio/possession";

export function fulcioFault(
  code: FulcioFaultCode,
  message: string,
  options?: FaultOptions,
): CustodyError<FulcioFaultCode> {
  return new CustodyError(code, message, options);
}
