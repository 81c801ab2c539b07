import type { Tested, TestShown } from "../desk/index.ts";
import { element } from "./element.ts";
import { placeLink, problemList } from "./place-link.ts";
import type { GoTo } from "./place-link.ts";

const words: Readonly<Record<TestShown["outcome"], string>> = {
  pass: "pass",
  fail: "fail",
  skip: "skip",
  error: "error",
};

/** How each test ended, and how much of the policy they came to. */
export function testsView({ tests, problems, coverage }: Tested, goTo: GoTo): readonly HTMLElement[] {
  if (problems.length > 0) {
    return [summary("error", "No test could be run."), problemList(problems, goTo)];
  }
  if (tests.length === 0) {
    return [summary("undefined", "There is no test: a rule whose name begins with test_ is one.")];
  }
  const isGood = tests.every(({ outcome }) => outcome === "pass" || outcome === "skip");
  const covered = coverage ? `, ${coverage.percent.toFixed(1)} % of the policy covered` : "";
  return [
    summary(isGood ? "defined" : "error", `${countText(tests)}${covered}`),
    element("ul", { class: "tests", "aria-label": "Tests" }, ...tests.map((test) => testItem(test, goTo))),
  ];
}

function summary(kind: string, text: string): HTMLElement {
  return element(
    "p",
    { class: "headline" },
    element("strong", { class: `outcome ${kind}`, id: "tested" }, text),
  );
}

/** `3 passed, 1 failed`. */
function countText(tests: readonly TestShown[]): string {
  const names = { pass: "passed", fail: "failed", error: "in error", skip: "skipped" } as const;
  const kinds = ["pass", "fail", "error", "skip"] as const;
  const counts = kinds.map((kind) => [tests.filter(({ outcome }) => outcome === kind).length, kind] as const);
  return counts
    .filter(([count]) => count > 0)
    .map(([count, kind]) => `${count} ${names[kind]}`)
    .join(", ");
}

function testItem(test: TestShown, goTo: GoTo): HTMLLIElement {
  const { outcome, name, place, failedAt, error, printed, cases, milliseconds } = test;
  return element(
    "li",
    { class: `test ${outcome}` },
    element("span", { class: "sign" }, words[outcome]),
    place && placeLink(failedAt ?? place, goTo),
    element("code", {}, name),
    element("span", { class: "time" }, `${milliseconds.toFixed(1)} ms`),
    failedAt && element("span", { class: "known" }, `did not get past line ${failedAt.row}`),
    error === undefined ? undefined : element("span", { class: "known" }, error),
    ...cases
      .filter(({ failed }) => failed)
      .map((one) => element("span", { class: "known" }, `failed: ${one.name}`)),
    ...printed.map((line) => element("span", { class: "known" }, line)),
  );
}
