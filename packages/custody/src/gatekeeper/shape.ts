import * as v from "valibot";

import { GatekeeperFault } from "./faults.ts";
import type { GatekeeperFaultCode } from "./faults.ts";

/** What a document is, for whoever reads that it is not. */
export interface Subject {
  readonly code: GatekeeperFaultCode;
  /** `ConstraintTemplate k8srequiredlabels`. */
  readonly what: string;
}

/** @throws GatekeeperFault with the subject's code, which names the field that is wrong. */
export function parseShape<Shape extends v.GenericSchema>(
  shape: Shape,
  value: unknown,
  { code, what }: Subject,
): v.InferOutput<Shape> {
  const parsed = v.safeParse(shape, value, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  throw new GatekeeperFault(code, `${what}: ${path === null ? "" : `${path}: `}${issue.message}`, {
    subject: what,
  });
}
