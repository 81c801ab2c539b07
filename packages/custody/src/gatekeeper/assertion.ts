import type { Finding } from "./gatekeeper.ts";
import { parsePattern } from "./pattern.ts";
import type { Assertion } from "./suite.ts";

/**
 * Why findings are not what an assertion says; undefined where they are.
 *
 * @throws GatekeeperFault `gatekeeper/suite` for a message that is no regular expression.
 */
export function findUnmet(
  { violations, message }: Assertion,
  findings: readonly Finding[],
): string | undefined {
  const hasMessage = message === null ? () => true : parsePattern(message);
  const count = findings.filter((one) => hasMessage(one.message)).length;
  if (isMet(violations, count)) return undefined;
  const wanted = { yes: "at least 1", no: "none" };
  const want = typeof violations === "number" ? `exactly ${violations}` : wanted[violations];
  const which = message === null ? "" : ` containing ${JSON.stringify(message)}`;
  const messages = findings.map((one) => one.message).join(" ");
  return `unexpected number of violations: got ${count} violations${which} but want ${want}: got messages [${messages}]`;
}

function isMet(violations: Assertion["violations"], count: number): boolean {
  return typeof violations === "number" ? count === violations : count > 0 === (violations === "yes");
}
