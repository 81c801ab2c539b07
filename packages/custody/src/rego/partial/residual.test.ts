import assert from "node:assert/strict";
import { test } from "node:test";

import { assert as check, integer, property } from "fast-check";

import { allBuiltins } from "../builtins/index.ts";
import { compile, EvaluationError, objectOf, RegoDiagnostics, writeJson } from "../index.ts";
import type { Answer, Policy, RegoValue } from "../index.ts";
import { randomData, randomInput, randomPolicy } from "../random-policy.testing.ts";
import { evaluatePartially, residualJson } from "./index.ts";
import type { DocumentPath, PartialOptions, Residual } from "./index.ts";

const unknowns: readonly (readonly DocumentPath[])[] = [
  [["input"]],
  [
    ["input", "numbers"],
    ["input", "user"],
  ],
  [["data", "base"]],
  [["input"], ["data", "base", "items"]],
  [
    ["data", "base", "map"],
    ["input", "object"],
  ],
];

/** What answers bind `x` and `y` to, each way once; what is false is no answer. */
function bound(answers: readonly Answer[]): readonly string[] {
  const holding = answers.filter(({ expressions }) => expressions.every(({ value }) => value !== false));
  return holding.map(({ bindings }) => {
    const own = Object.entries(bindings).filter(([name]) => name === "x" || name === "y");
    return writeJson(objectOf(own.toSorted(([a], [b]) => (a < b ? -1 : 1))));
  });
}

function evaluate(policy: Policy, query: string): readonly string[] {
  return bound(policy.prepare(query).evaluate(randomInput, { data: randomData }));
}

function sorted(answers: readonly string[]): readonly string[] {
  return [...new Set(answers)].toSorted();
}

/** The answers of what was left, all of the input and of data being known now. */
function answersOf(module: string, { queries, support }: Residual): readonly string[] {
  const sources = [module, ...support].map((text, i) => ({ file: `${i}.rego`, text }));
  const policy = compile(sources, { builtins: allBuiltins });
  return queries.flatMap((query) => evaluate(policy, query === "" ? "true" : query));
}

/** The result of the work; undefined where rules contradict each other: which are met depends on the order. */
function unlessContradicting<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

/** The same; undefined too where the policy or the query is none. */
function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return unlessContradicting(work);
  } catch (error) {
    if (error instanceof RegoDiagnostics) return undefined;
    throw error;
  }
}

function options(seed: number, query: string, rule: string): PartialOptions {
  return {
    data: randomData,
    unknowns: unknowns[(seed + query.length) % unknowns.length] as readonly DocumentPath[],
    shallowInlining: seed % 7 === 0,
    disableInlining: seed % 5 === 0 ? [["data", "t", rule]] : [],
  };
}

function agrees(seed: number): void {
  const { module, rules } = randomPolicy(seed);
  const policy = attempt(() => compile([{ file: "t.rego", text: module }], { builtins: allBuiltins }));
  if (!policy) return;
  const queries = rules.flatMap((name) =>
    ["data.t.R = x", "data.t.R[y] = x", "not data.t.R", "data.t.R"].map((query) => query.replace("R", name)),
  );
  for (const query of queries) agreesOn(query, module, { policy, ...options(seed, query, rules[0] ?? "") });
}

function agreesOn(query: string, module: string, scene: PartialOptions & { readonly policy: Policy }): void {
  const whole = attempt(() => evaluate(scene.policy, query));
  const residual = attempt(() => leftOf(scene.policy, query, scene));
  const answers = residual && unlessContradicting(() => answersOf(module, residual));
  if (!whole || !answers) return;
  assert.deepEqual(sorted(answers), sorted(whole), [query, module, ...residual.support].join("\n"));
}

function leftOf(policy: Policy, query: string, settings: PartialOptions): Residual {
  const isInputUnknown = settings.unknowns?.some((path) => path.length === 1 && path[0] === "input") ?? true;
  return evaluatePartially(policy, query, isInputUnknown ? undefined : randomInput, settings);
}

test("what is left answers as the whole would have, whatever was unknown", () => {
  check(property(integer({ min: 1, max: 2_147_483_647 }), agrees), { numRuns: 150 });
});

/** Random policies, once found to be evaluated wrongly. */
const found = [140, 252, 3835, 3920, 4606, 8035, 13_897].map((seed) => seed * 7919 + 1);

test("and so it does for policies that were once evaluated wrongly", () => {
  for (const seed of found) agrees(seed);
});

test("what is left has syntax trees as OPA shows them", () => {
  const policy = compile([{ file: "t.rego", text: "package t\ndefault p := 1\np := 2 if input.x" }], {
    builtins: allBuiltins,
  });
  const { queries, support } = residualJson(evaluatePartially(policy, "data.t.p", undefined));
  const ref = (...names: readonly string[]): RegoValue => [
    { type: "var", value: "data" },
    ...names.map((value) => ({ type: "string", value })),
  ];
  assert.deepEqual(queries, [[{ index: 0, terms: { type: "ref", value: ref("partial", "t", "p") } }]]);
  assert.deepEqual(
    support.map((module) => (module as { package: RegoValue }).package),
    [{ path: ref("partial", "t") }],
  );
  assert.deepEqual(residualJson({ queries: [""], support: [] }).queries, [[]]);
});
