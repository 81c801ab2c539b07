import { declaredIn } from "../compile/declared.ts";
import { varsOfExpr, varsOfTerm } from "../compile/vars.ts";
import { builtinRef, nowhere } from "../syntax/index.ts";
import type { Body, Expr, Module, Rule, Term } from "../syntax/index.ts";
import { findTestName } from "./find-tests.ts";

const testCase = "internal.test_case";

/**
 * The modules with tests that can be told apart: of tests with one name the later ones get numbers (`test_a#01`), and
 * tests with cases say which case they have come to, so that one that is undefined later is known to have failed.
 */
export function prepareModules(modules: readonly Module[]): readonly Module[] {
  const counts = new Map<string, number>();
  return modules.map((module) => ({
    ...module,
    rules: module.rules.map((rule) => announced(numbered(rule, module, counts))),
  }));
}

function numbered(rule: Rule, module: Module, counts: Map<string, number>): Rule {
  const name = findTestName(rule);
  if (!name || name.at(-1)?.startsWith("todo_")) return rule;
  const key = JSON.stringify([module.package, name]);
  const count = counts.get(key) ?? 0;
  counts.set(key, count + 1);
  return count === 0
    ? rule
    : renamed(rule, name.length - 1, `${name.at(-1)}#${String(count).padStart(2, "0")}`);
}

function renamed(rule: Rule, place: number, name: string): Rule {
  const ref = rule.head.ref.map((term, i): Term => {
    if (i !== place) return term;
    return i === 0 ? { kind: "var", name, at: term.at } : { kind: "scalar", value: name, at: term.at };
  });
  return { ...rule, head: { ...rule.head, ref } };
}

/** Says the case as soon as its variables are bound. */
function announced(rule: Rule): Rule {
  const name = findTestName(rule);
  const keys = rule.head.ref.slice(name?.length);
  if (!name || keys.length === 0 || rule.head.args || isAnnounced(rule.body)) return rule;
  const place = lastOf(keys, rule.body) + 1;
  const list: Term = { kind: "array", items: keys, at: nowhere };
  const call: Expr = {
    form: "call",
    operator: builtinRef(testCase, nowhere),
    args: [list],
    negated: false,
    with: [],
    at: nowhere,
  };
  return { ...rule, body: rule.body.toSpliced(place, 0, call) };
}

function isAnnounced(body: Body): boolean {
  return body.some((expr) => {
    if (expr.form !== "call" || expr.operator.head.kind !== "var") return false;
    const [first] = expr.operator.path;
    return expr.operator.head.name === "internal" && first?.kind === "scalar" && first.value === "test_case";
  });
}

/** The place of the last expression that first names a variable of the keys; -1 where no variable is in them. */
function lastOf(keys: readonly Term[], body: Body): number {
  const wanted = new Set(keys.flatMap((key) => [...varsOfTerm(key)]));
  const firsts = [...wanted].map((name) => body.findIndex((expr) => namesOf(expr).has(name)));
  return Math.max(-1, ...firsts);
}

function namesOf(expr: Expr): ReadonlySet<string> {
  return new Set([...declaredIn([expr]), ...varsOfExpr(expr)]);
}
