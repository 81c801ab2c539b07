import type { Location, Module, Rule } from "../syntax/index.ts";

/** A rule that is a test: `test_…`, or `todo_test_…`, which is skipped. */
export interface TestCase {
  /** Below `data`. */
  readonly package: readonly string[];
  /** The names of the rule, the one with the prefix last. */
  readonly name: readonly string[];
  readonly isTodo: boolean;
  /** The rule makes an object with keys that are found while it runs: each is a case of its own. */
  readonly hasCases: boolean;
  /** Where the rule stands. */
  readonly at: Location;
}

/** The tests of modules, in the order of the modules and of their text. */
export function findTests(modules: readonly Module[]): readonly TestCase[] {
  return modules.flatMap((module) => module.rules.flatMap((rule) => findTest(module, rule) ?? []));
}

function findTest({ package: path }: Module, rule: Rule): TestCase | undefined {
  const name = findTestName(rule);
  if (!name) return undefined;
  const { head, at } = rule;
  const isDynamic = head.ref.slice(name.length).some(({ kind }) => kind !== "scalar");
  const hasCases = isDynamic && !head.element && !head.args;
  return { package: path, name, isTodo: name.at(-1)?.startsWith("todo_") ?? false, hasCases, at };
}

/** The names of a rule up to the one that makes it a test; undefined for what is none. */
export function findTestName({ head }: Rule): readonly string[] | undefined {
  const names: string[] = [];
  for (const term of head.ref) {
    const name =
      term.kind === "var" && names.length === 0 ? term.name : term.kind === "scalar" ? term.value : 0;
    if (typeof name !== "string") return undefined;
    names.push(name);
    if (/^(?:todo_)?test_/.test(name)) return names;
  }
  return undefined;
}

/** A path as Rego has it: `data.a["b-c"]`. */
export function pathText([root = "", ...names]: readonly string[]): string {
  return (
    root +
    names.map((name) => (/^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`)).join("")
  );
}
