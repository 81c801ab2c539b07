import type { Builtin } from "../builtins/builtin.ts";
import type { Clause, Definition, Plan } from "../plan/plan.ts";
import { planIndex } from "../plan/rule-index.ts";
import { keyConflict, PartialObject, select, undefinedRule } from "../runtime/index.ts";
import type { Fillable, Frame, RuntimeNode } from "../runtime/index.ts";
import { equal, RegoSet } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import { conflict, makeNodes, outlineOf, replacing } from "./library.ts";
import type { Program } from "./library.ts";
import { StepClosures } from "./step-closures.ts";
import type { ClosureContext } from "./step-closures.ts";

type Args = readonly RegoValue[];
type RunClause<Into> = (frame: Frame, args: Args, into: Into) => RegoValue | undefined;

/** A program made of closures, for realms in which no code may be made from text (a strict CSP). */
export function linkClosures(plan: Plan, builtins: ReadonlyMap<string, Builtin>): Program {
  const nodes = makeNodes(outlineOf(plan));
  const shared: ClosureContext = { plan, nodes, builtins, replaced: replacing(nodes, builtins) };
  for (const { id, definition } of plan.nodes) {
    const node = nodes[id];
    if (definition && node) Object.assign(node, definitionClosures(id, definition, shared));
  }
  return { nodes, query: queryClosure(plan, shared) };
}

function definitionClosures(
  id: number,
  definition: Definition,
  shared: ClosureContext,
): Pick<RuntimeNode, "run" | "fill"> {
  if (definition.kind === "object") {
    const each = eachClause<Fillable>(definition.clauses, (clause) => addingClosure(clause, shared));
    const fill = (frame: Frame, object: Fillable): void => each(frame, [], object, () => undefined);
    return { fill, run: memoized(id, (frame) => built(frame, fill)) };
  }
  if (definition.kind === "set") {
    const each = eachClause<RegoSet>(definition.clauses, (clause) => addingClosure(clause, shared));
    return { fill: undefined, run: memoized(id, (frame) => collected(frame, each)) };
  }
  const value = valueClosure(definition, shared);
  return { fill: undefined, run: definition.kind === "function" ? value : memoized(id, value) };
}

function built(frame: Frame, fill: (frame: Frame, object: Fillable) => void): RegoValue {
  const object = new PartialObject(keyConflict);
  fill(frame, object);
  return object.build();
}

function collected(frame: Frame, each: EachClause<RegoSet>): RegoSet {
  const set = new RegoSet();
  each(frame, [], set, () => undefined);
  return set;
}

function memoized(
  id: number,
  value: (frame: Frame) => RegoValue | undefined,
): NonNullable<RuntimeNode["run"]> {
  return (frame) => {
    const known = frame.memo[id];
    if (known !== undefined) return known === undefinedRule ? undefined : known;
    const made = value(frame);
    frame.memo[id] = made === undefined ? undefinedRule : made;
    return made;
  };
}

/** The one value of a complete rule or function. */
function valueClosure(definition: Definition, shared: ClosureContext): NonNullable<RuntimeNode["run"]> {
  const each = eachClause<undefined>(definition.clauses, (clause) =>
    yieldingClosure(clause, definition, shared),
  );
  const fallback = definition.fallback && yieldingClosure(definition.fallback, definition, shared);
  const kind = definition.kind === "function" ? "function" : "complete";
  return (frame, ...args) => {
    let result: RegoValue | undefined;
    each(frame, args, undefined, (value, { at }) => {
      if (result !== undefined && !equal(result, value)) conflict(kind, at);
      if (result === undefined) result = value;
    });
    return result === undefined ? fallback?.(frame, args, undefined) : result;
  };
}

type EachClause<Into> = (
  frame: Frame,
  args: Args,
  into: Into,
  use: (value: RegoValue, clause: Clause) => void,
) => void;

/** Runs every clause that can hold, in order. */
function eachClause<Into>(
  clauses: readonly Clause[],
  close: (clause: Clause) => RunClause<Into>,
): EachClause<Into> {
  const index = planIndex(clauses);
  const all = clauses.map((_, i) => i);
  const closed = clauses.map(close);
  return (frame, args, into, use) => {
    const root = index?.subject.root === "input" ? frame.input : args[Number(index?.subject.root)];
    for (const i of index ? select(index, root) : all) {
      const value = closed[i]?.(frame, args, into);
      if (value !== undefined) use(value, clauses[i] as Clause);
    }
  };
}

function yieldingClosure(clause: Clause, { kind }: Definition, shared: ClosureContext): RunClause<undefined> {
  const steps = new StepClosures(shared);
  const yields = steps.read(clause.yields);
  const isOnce = clause.yields.kind === "constant";
  const results: { value: RegoValue | undefined }[] = [];
  const body = steps.block(clause.steps, (registers) => {
    const result = results.at(-1) as { value: RegoValue | undefined };
    const value = yields(registers);
    if (result.value !== undefined && !equal(result.value, value)) {
      conflict(kind === "function" ? "function" : "complete", clause.at);
    }
    if (result.value === undefined) result.value = value;
    return isOnce;
  });
  const otherwise = clause.otherwise && yieldingClosure(clause.otherwise, { kind } as Definition, shared);
  return (frame, args) => {
    const result: { value: RegoValue | undefined } = { value: undefined };
    results.push(result);
    try {
      body(registersOf(frame, clause, args));
    } finally {
      results.pop();
    }
    return result.value === undefined ? otherwise?.(frame, args, undefined) : result.value;
  };
}

function addingClosure<Into extends Fillable | RegoSet>(
  clause: Clause,
  shared: ClosureContext,
): RunClause<Into> {
  const steps = new StepClosures(shared);
  const value = steps.read(clause.yields);
  const path = clause.path.map((part) => steps.read(part));
  const targets: Into[] = [];
  const body = steps.block(clause.steps, (registers) => {
    const into = targets.at(-1) as Into;
    const keys = path.map((part) => part(registers));
    put(into, keys, { value: value(registers), isMember: clause.isMember });
    return false;
  });
  return (frame, args, into) => {
    targets.push(into);
    try {
      body(registersOf(frame, clause, args));
    } finally {
      targets.pop();
    }
    return undefined;
  };
}

function put(
  into: Fillable | RegoSet,
  keys: readonly RegoValue[],
  { value, isMember }: { readonly value: RegoValue; readonly isMember: boolean },
): void {
  if (into instanceof RegoSet) into.add(value);
  else if (isMember) into.insertMember(keys, value);
  else into.insert(keys, value);
}

function registersOf(frame: Frame, { params }: Clause, args: Args): (RegoValue | Frame)[] {
  frame.evaluation.spend(1);
  const registers: (RegoValue | Frame)[] = [frame];
  for (const [i, register] of params.entries()) registers[register] = args[i] as RegoValue;
  return registers;
}

function queryClosure(plan: Plan, shared: ClosureContext): Program["query"] {
  const steps = new StepClosures(shared);
  const bindings = plan.query.bindings.map(([, operand]) => steps.read(operand));
  const expressions = plan.query.expressions.map(({ value }) => steps.read(value));
  return (frame, found) => {
    const body = steps.block(plan.query.steps, (registers) => {
      found(
        bindings.map((one) => one(registers)),
        expressions.map((one) => one(registers)),
      );
      return false;
    });
    body([frame]);
  };
}
