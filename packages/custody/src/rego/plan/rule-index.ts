import { isArray, isSet } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import { findScalarKey } from "../values/key.ts";
import type { ScalarKey } from "../values/value.ts";
import { ownContext } from "./plan.ts";
import type { Clause, Operand, Register, Step } from "./plan.ts";

/** A value that clauses look at: something below the input, or below an argument. */
interface Subject {
  readonly root: "input" | number;
  readonly path: readonly string[];
}

/** Which clauses can hold for which value of one subject; the numbers are in the order of the rules. */
export interface RuleIndex {
  readonly subject: Subject;
  readonly cases: ReadonlyMap<ScalarKey, readonly number[]>;
  /** For every other value, and for none: the clauses that do not look at the subject. */
  readonly rest: readonly number[];
}

/** Fewer clauses are quicker to try one by one. */
const worthIndexing = 3;

/** An index over the value that most clauses compare with constants; undefined where none would help. */
export function planIndex(clauses: readonly Clause[]): RuleIndex | undefined {
  if (clauses.length < worthIndexing) return undefined;
  const tests = clauses.map((clause) => (clause.otherwise ? new Map<string, Test>() : testsOf(clause)));
  const best = mostTested(tests);
  if (!best || best.count < worthIndexing) return undefined;
  return indexOver(best.subject, best.key, tests);
}

interface Test {
  readonly subject: Subject;
  readonly keys: readonly ScalarKey[];
}

function mostTested(
  tests: readonly ReadonlyMap<string, Test>[],
): { key: string; subject: Subject; count: number } | undefined {
  const counts = new Map<string, { subject: Subject; count: number }>();
  for (const [key, { subject }] of tests.flatMap((one) => [...one])) {
    counts.set(key, { subject, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const [first] = [...counts].sort(([, a], [, b]) => b.count - a.count);
  return first && { key: first[0], ...first[1] };
}

function indexOver(subject: Subject, key: string, tests: readonly ReadonlyMap<string, Test>[]): RuleIndex {
  const values = new Set(tests.flatMap((one) => one.get(key)?.keys ?? []));
  const rest: number[] = [];
  const cases = new Map<ScalarKey, number[]>([...values].map((value) => [value, []]));
  for (const [i, one] of tests.entries()) {
    const keys = one.get(key)?.keys;
    if (!keys) rest.push(i);
    for (const value of new Set(keys ?? values)) cases.get(value)?.push(i);
  }
  return { subject, cases, rest };
}

/** The subjects that a clause compares with constants; where it compares one twice, the first counts. */
function testsOf({ steps, params }: Clause): Map<string, Test> {
  const subjects = new Map<Register, Subject>(params.map((register, i) => [register, { root: i, path: [] }]));
  const tests = new Map<string, Test>();
  for (const step of steps) {
    follow(step, subjects);
    const test = testOf(step, subjects);
    if (!test) continue;
    const key = JSON.stringify([test.subject.root, ...test.subject.path]);
    if (!tests.has(key)) tests.set(key, test);
  }
  return tests;
}

function follow(step: Step, subjects: Map<Register, Subject>): void {
  if (step.op === "input" && step.context === ownContext) subjects.set(step.to, { root: "input", path: [] });
  if (step.op !== "get") return;
  const from = subjectOf(step.from, subjects);
  const name = step.key.kind === "constant" ? step.key.value : undefined;
  if (from && typeof name === "string")
    subjects.set(step.to, { root: from.root, path: [...from.path, name] });
}

function subjectOf(
  operand: Operand | undefined,
  subjects: ReadonlyMap<Register, Subject>,
): Subject | undefined {
  return operand?.kind === "register" ? subjects.get(operand.register) : undefined;
}

function testOf(step: Step, subjects: ReadonlyMap<Register, Subject>): Test | undefined {
  if (step.op === "equal")
    return comparison(step.a, step.b, subjects) ?? comparison(step.b, step.a, subjects);
  return step.op === "isMember" ? membership(step.member, step.of, subjects) : undefined;
}

function comparison(a: Operand, b: Operand, subjects: ReadonlyMap<Register, Subject>): Test | undefined {
  const subject = subjectOf(a, subjects);
  const key = b.kind === "constant" ? findScalarKey(b.value) : undefined;
  return subject && key !== undefined ? { subject, keys: [key] } : undefined;
}

function membership(
  member: Operand,
  of: Operand,
  subjects: ReadonlyMap<Register, Subject>,
): Test | undefined {
  const subject = subjectOf(member, subjects);
  if (!subject || of.kind !== "constant") return undefined;
  const keys = membersOf(of.value).map(findScalarKey);
  return keys.every((key) => key !== undefined) ? { subject, keys: keys } : undefined;
}

function membersOf(value: RegoValue): readonly RegoValue[] {
  if (isSet(value)) return value.sorted();
  return isArray(value) ? value : [{}];
}
