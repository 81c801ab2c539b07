import type { ComprehensionStep, Operand, Register, Step } from "./plan.ts";
import { readBy, writtenBy } from "./usage.ts";

/**
 * Inside of a loop, a comprehension that only compares what the loop goes through with what it finds itself is
 * evaluated once, its results grouped by what was compared: a join costs what its two sides cost, not their product.
 */
export function indexComprehensions(steps: readonly Step[], params: readonly Register[]): readonly Step[] {
  const settled = new Set<Register>([0, ...params]);
  let looping = false;
  return steps.map((step) => {
    looping ||= step.op === "scan" || step.op === "scanNode";
    if (!looping) for (const register of writtenBy(step)) settled.add(register);
    return looping && step.op === "comprehension" ? grouped(step, settled) : step;
  });
}

/** The comprehension with groups; as it is where it depends on the loop in another way. */
function grouped(step: ComprehensionStep, settled: ReadonlySet<Register>): ComprehensionStep {
  const own = new Set(step.body.flatMap(writtenBy));
  const isOuter = (register: Register): boolean => !own.has(register) && !settled.has(register);
  const joins = step.body.flatMap((inner) => findJoin(inner, own, isOuter));
  const body = step.body.filter((inner) => !joins.some((join) => join.step === inner));
  const reads = [...body.flatMap(readBy), ...step.yields.flatMap(registerOf)];
  if (joins.length === 0 || reads.some(isOuter) || !body.some(({ op }) => op === "scan" || op === "scanNode"))
    return step;
  return { ...step, body, groups: joins.map(({ by, found }) => ({ by, found })) };
}

interface Join {
  readonly step: Step;
  /** What the loop goes through. */
  readonly by: Operand;
  /** What the comprehension finds. */
  readonly found: Operand;
}

function findJoin(step: Step, own: ReadonlySet<Register>, isOuter: (register: Register) => boolean): Join[] {
  if (step.op !== "equal") return [];
  const [a, b] = [registerOf(step.a)[0], registerOf(step.b)[0]];
  if (a === undefined || b === undefined) return [];
  if (isOuter(a) && own.has(b)) return [{ step, by: step.a, found: step.b }];
  return isOuter(b) && own.has(a) ? [{ step, by: step.b, found: step.a }] : [];
}

function registerOf(operand: Operand): Register[] {
  return operand.kind === "register" ? [operand.register] : [];
}
