import { RE2JS } from "re2js";

import { GatekeeperFault } from "./faults.ts";

/** Whether a text has what is looked for. */
export type Pattern = (text: string) => boolean;

/**
 * A regular expression of a suite (RE2, in linear time).
 *
 * @throws GatekeeperFault `gatekeeper/suite`.
 */
export function parsePattern(pattern: string): Pattern {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text).find();
  } catch (cause) {
    throw new GatekeeperFault("gatekeeper/suite", `"${pattern}" is no regular expression`, { cause });
  }
}
