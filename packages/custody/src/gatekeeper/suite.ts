import * as v from "valibot";

import type { RegoValue } from "custody/rego";

import { parseApiVersion } from "./kubernetes-object.ts";
import { parseShape } from "./shape.ts";

/** Tests of constraints, as gator reads them (test.gatekeeper.sh/v1alpha1). Paths are relative to the suite's file. */
export interface Suite {
  readonly skip: boolean;
  readonly tests: readonly SuiteTest[];
}

/** A template and a constraint of it, and what it must find in which objects. */
export interface SuiteTest {
  readonly name: string;
  readonly template: string;
  readonly constraint: string;
  readonly expansion: string;
  /** The constraint has to be refused by its template's schema. */
  readonly invalid: boolean;
  readonly skip: boolean;
  readonly cases: readonly SuiteCase[];
}

export interface SuiteCase {
  readonly name: string;
  readonly object: string;
  readonly inventory: readonly string[];
  readonly assertions: readonly Assertion[];
  readonly skip: boolean;
}

/** How many violations there must be whose message matches. */
export interface Assertion {
  /** `yes` is one or more. */
  readonly violations: "no" | "yes" | number;
  /** A regular expression (RE2); null for any message. */
  readonly message: string | null;
}

const text = v.nullish(v.string(), "");
const flag = v.nullish(v.boolean(), false);

// YAML 1.1 has `yes` and `no` for true and false.
const violations = v.pipe(
  v.union([v.boolean(), v.picklist(["yes", "no"]), v.pipe(v.number(), v.integer(), v.minValue(0))]),
  v.transform((value): Assertion["violations"] =>
    typeof value === "boolean" ? (value ? "yes" : "no") : value,
  ),
);
const assertion = v.strictObject({
  violations: v.nullish(violations, "yes"),
  message: v.nullish(v.string(), null),
});
const suiteCase = v.strictObject({
  name: text,
  object: v.pipe(v.string(), v.nonEmpty("a case names its object")),
  inventory: v.nullish(v.array(v.string()), []),
  assertions: v.pipe(v.array(assertion), v.nonEmpty("a case asserts something")),
  skip: flag,
});
const suiteTest = v.strictObject({
  name: text,
  template: v.pipe(v.string(), v.nonEmpty("a test names its template")),
  constraint: v.pipe(v.string(), v.nonEmpty("a test names its constraint")),
  expansion: text,
  invalid: flag,
  skip: flag,
  cases: v.nullish(v.array(suiteCase), []),
});
const shape = v.strictObject({
  apiVersion: v.literal("test.gatekeeper.sh/v1alpha1"),
  kind: v.literal("Suite"),
  metadata: v.nullish(v.unknown()),
  skip: flag,
  tests: v.nullish(v.array(suiteTest), []),
});

const header = v.object({ apiVersion: v.string(), kind: v.literal("Suite") });

/** Whether a document means to be a suite. */
export function isSuite(document: RegoValue): boolean {
  return v.is(header, document) && parseApiVersion(document.apiVersion).group === "test.gatekeeper.sh";
}

/**
 * Reads a suite. What gator would not look at is refused: a misspelt field tests nothing.
 *
 * @throws GatekeeperFault `gatekeeper/suite`.
 */
export function parseSuite(document: RegoValue): Suite {
  const { skip, tests } = parseShape(shape, document, { code: "gatekeeper/suite", what: "a suite" });
  return { skip, tests };
}
