import { GatekeeperFault } from "./faults.ts";
import { parsePattern } from "./pattern.ts";
import type { SuiteTest } from "./suite.ts";

/** Which tests and cases of suites are run. */
export interface SuiteFilter {
  readonly hasTest: (test: SuiteTest) => boolean;
  readonly hasCase: (testName: string, caseName: string) => boolean;
}

export const everyTest: SuiteFilter = { hasTest: () => true, hasCase: () => true };

/**
 * The filter of `--run`: `name` for tests and cases whose name matches, `test//case` for the cases of tests. Both are
 * regular expressions (RE2).
 *
 * @throws GatekeeperFault `gatekeeper/suite`.
 */
export function parseSuiteFilter(text: string): SuiteFilter {
  const [isFirst = () => true, isSecond, ...more] = text.split("//").map(parsePattern);
  if (more.length > 0) throw new GatekeeperFault("gatekeeper/suite", `"${text}" has more than one //`);
  if (isSecond) {
    return {
      hasTest: ({ name }) => isFirst(name),
      hasCase: (testName, caseName) => isFirst(testName) && isSecond(caseName),
    };
  }
  const hasCase = (testName: string, caseName: string): boolean => isFirst(testName) || isFirst(caseName);
  return {
    hasCase,
    hasTest: ({ name, cases }) => isFirst(name) || cases.some((one) => hasCase(name, one.name)),
  };
}
