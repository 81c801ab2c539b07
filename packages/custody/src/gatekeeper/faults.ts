import { CustodyError } from "custody/ground";

/** What can be wrong with what Gatekeeper's documents say, and why a constraint could not decide. */
export type GatekeeperFaultCode =
  | "gatekeeper/template"
  | "gatekeeper/constraint"
  /** A constraint's parameters or its match are not what the schemas of both ask for. */
  | "gatekeeper/schema"
  | "gatekeeper/object"
  | "gatekeeper/review"
  /** A template's answer is no violation. */
  | "gatekeeper/answer"
  /** Whether a constraint matches depends on a Namespace that is not at hand. */
  | "gatekeeper/namespace"
  | "gatekeeper/suite";

export class GatekeeperFault extends CustodyError<GatekeeperFaultCode> {}
