import { openRegoHost } from "@custody/node/rego-host";
import type { RegoHost } from "custody/rego";

/** What policies that a person runs on this machine may see of it: all of it, the environment too, as in OPA. */
export function localHost(print?: (line: string) => void): RegoHost {
  return { ...openRegoHost({ env: process.env }), ...(print && { print }) };
}
