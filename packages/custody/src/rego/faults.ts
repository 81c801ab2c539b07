import { CustodyError } from "custody/ground";

/** What a caller can be told besides OPA's own error codes. */
export type RegoFaultCode =
  | "rego/json"
  | "rego/limit"
  | "rego/parse"
  | "rego/compile"
  | "rego/type"
  | "rego/conflict"
  | "rego/builtin"
  | "rego/bundle"
  | "rego/config"
  | "rego/store"
  | "rego/capability"
  | "rego/compiled"
  | "rego/internal";

export class RegoFault extends CustodyError<RegoFaultCode> {}
