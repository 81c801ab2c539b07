import { RE2JS, RE2JSException } from "re2js";

import { RegoFault } from "../faults.ts";
import { pathText } from "./find-tests.ts";
import type { TestCase } from "./find-tests.ts";

/**
 * Chooses the tests whose full name (`data.authz_test.test_reader`) a pattern of RE2 matches anywhere.
 *
 * @throws RegoFault `rego/parse` for what is no pattern.
 */
export function parseTestFilter(pattern: string): (test: TestCase) => boolean {
  try {
    const compiled = RE2JS.compile(pattern);
    return (test) => compiled.matcher(fullName(test)).find();
  } catch (cause) {
    if (!(cause instanceof RE2JSException)) throw cause;
    throw new RegoFault("rego/parse", cause.message, { subject: pattern, cause });
  }
}

function fullName({ package: path, name }: TestCase): string {
  return pathText(["data", ...path, ...name]);
}
