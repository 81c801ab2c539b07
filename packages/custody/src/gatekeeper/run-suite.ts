import { CustodyError, findFaultCode } from "custody/ground";
import { isObject, objectGet } from "custody/rego";
import type { Limits, RegoHost, RegoValue } from "custody/rego";

import { findUnmet } from "./assertion.ts";
import type { TemplateCompiling } from "./compile-template.ts";
import { gatorPoint } from "./enforcement.ts";
import { GatekeeperFault } from "./faults.ts";
import { Gatekeeper } from "./gatekeeper.ts";
import type { Finding } from "./gatekeeper.ts";
import { parseApiVersion } from "./kubernetes-object.ts";
import { reviewOfObject, reviewOfRequest } from "./review.ts";
import type { Review } from "./review.ts";
import type { SuiteFilter } from "./suite-filter.ts";
import type { Suite, SuiteCase, SuiteTest } from "./suite.ts";

export interface SuiteSettings extends TemplateCompiling {
  /** Every document of a file that the suite names. What it throws as CustodyError is why a test fails. */
  readonly read: (path: string) => readonly RegoValue[];
  readonly filter: SuiteFilter;
  /** Milliseconds, from any start. */
  readonly clock: () => number;
  readonly host?: RegoHost;
  readonly limits?: Partial<Limits>;
}

/** How a test or a case ended. */
interface Outcome {
  readonly name: string;
  readonly isSkipped: boolean;
  /** Why it failed; undefined where it did not. */
  readonly reason: string | undefined;
  readonly milliseconds: number;
}

export interface CaseResult extends Outcome {
  /** What the template printed. */
  readonly prints: readonly string[];
}

export interface TestResult extends Outcome {
  readonly cases: readonly CaseResult[];
}

/** Runs the tests of a suite; one that is skipped has none. */
export function runSuite(suite: Suite, settings: SuiteSettings): readonly TestResult[] {
  return suite.skip ? [] : suite.tests.map((test) => runTest(test, settings));
}

/** Whether a test, or one of its cases, failed. */
export function isFailed({ reason, cases }: TestResult): boolean {
  return reason !== undefined || cases.some((one) => one.reason !== undefined);
}

function runTest(test: SuiteTest, settings: SuiteSettings): TestResult {
  const { filter, clock } = settings;
  const { name } = test;
  if (test.skip || !filter.hasTest(test)) return { ...skipped(name), cases: [] };
  const start = clock();
  const reason = reasonOf(() => settleTest(test, settings));
  const isRun = reason === undefined && !test.invalid;
  const cases = isRun ? test.cases.map((one) => runCase(one, test, settings)) : [];
  return { name, isSkipped: false, reason, cases, milliseconds: clock() - start };
}

function skipped(name: string): Outcome {
  return { name, isSkipped: true, reason: undefined, milliseconds: 0 };
}

/** Makes sure that the template and the constraint are good, or that the constraint is as bad as the test says. */
function settleTest(test: SuiteTest, settings: SuiteSettings): void {
  if (test.expansion !== "") {
    throw new GatekeeperFault("gatekeeper/suite", "expansions are not supported", { subject: test.name });
  }
  if (!test.invalid) return void load(test, settings);
  try {
    load(test, settings);
  } catch (error) {
    if (findFaultCode(error) === "gatekeeper/schema") return;
    throw error;
  }
  throw new GatekeeperFault("gatekeeper/suite", "constraint should have failed schema validation");
}

function load(test: SuiteTest, settings: SuiteSettings): Gatekeeper {
  const gatekeeper = new Gatekeeper({ ...settings, enforcementPoint: gatorPoint });
  gatekeeper.addTemplate(only(test.template, settings));
  gatekeeper.addConstraint(only(test.constraint, settings));
  return gatekeeper;
}

function only(path: string, { read }: SuiteSettings): RegoValue {
  const [document, ...others] = read(path);
  if (document !== undefined && others.length === 0) return document;
  throw new GatekeeperFault(
    "gatekeeper/suite",
    `${path} has ${others.length + Number(document !== undefined)} documents, not one`,
  );
}

function runCase(one: SuiteCase, test: SuiteTest, settings: SuiteSettings): CaseResult {
  const { name } = one;
  const { filter, clock } = settings;
  if (one.skip || !filter.hasCase(test.name, name)) return { ...skipped(name), prints: [] };
  const prints: string[] = [];
  const host = { ...settings.host, print: (line: string) => void prints.push(line) };
  const start = clock();
  const reason = reasonOf(() => judge(one, load(test, settings), { ...settings, host }));
  return { name, isSkipped: false, reason, prints, milliseconds: clock() - start };
}

/** @throws GatekeeperFault with what is not as asserted. */
function judge(one: SuiteCase, gatekeeper: Gatekeeper, settings: SuiteSettings): void {
  for (const path of one.inventory)
    for (const document of settings.read(path)) gatekeeper.inventory.add(document);
  const findings = gatekeeper.review(reviewOf(only(one.object, settings)), settings);
  refuseUndecided(findings);
  for (const assertion of one.assertions) {
    const unmet = findUnmet(assertion, findings);
    if (unmet !== undefined) throw new GatekeeperFault("gatekeeper/suite", unmet);
  }
}

function refuseUndecided(findings: readonly Finding[]): void {
  const open = findings.find(({ isDecided }) => !isDecided);
  if (open) throw new GatekeeperFault("gatekeeper/suite", `the constraint could not decide: ${open.message}`);
}

/** An object of a case may be an AdmissionReview: then its request is reviewed. */
function reviewOf(document: RegoValue): Review {
  const kind = isObject(document) ? objectGet(document, "kind") : undefined;
  const version = isObject(document) ? objectGet(document, "apiVersion") : undefined;
  const isRequest =
    kind === "AdmissionReview" &&
    typeof version === "string" &&
    parseApiVersion(version).group === "admission.k8s.io";
  if (!isRequest || !isObject(document)) return reviewOfObject(document);
  return reviewOfRequest(objectGet(document, "request") ?? null);
}

function reasonOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof CustodyError) return error.message;
    throw error;
  }
}
