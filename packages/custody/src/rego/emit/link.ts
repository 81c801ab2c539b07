import type { Builtin } from "../builtins/builtin.ts";
import type { Plan } from "../plan/plan.ts";
import {
  baseValue,
  entries,
  EvaluationError,
  get,
  Groups,
  isMember,
  keyConflict,
  linkBuiltin,
  linkWideBuiltin,
  nodeValue,
  PartialObject,
  scanNode,
  select,
  undefinedRule,
} from "../runtime/index.ts";
import type { Frame, RuntimeNode } from "../runtime/index.ts";
import type { Location } from "../syntax/index.ts";
import { equal, isObject, ObjectBuilder, objectSize, RegoSet } from "../values/index.ts";
import type { AnyObject, RegoValue } from "../values/index.ts";
import type { Emitted } from "./javascript.ts";

/** A program, ready to run. */
export interface Program {
  /** Calls `found` for every answer, with the values of the bindings and of the expressions. */
  readonly query: (frame: Frame, found: Found) => void;
  readonly nodes: readonly RuntimeNode[];
}

export type Found = (bindings: readonly RegoValue[], expressions: readonly RegoValue[]) => void;

interface Linked {
  readonly nodes: Readonly<Record<number, RuntimeNode["run"]>>;
  readonly fills: Readonly<Record<number, RuntimeNode["fill"]>>;
  readonly query: Program["query"];
}

/** Makes emitted source a program. Needs a realm in which functions may be made from text. */
export function linkProgram(plan: Plan, emitted: Emitted, builtins: ReadonlyMap<string, Builtin>): Program {
  const nodes = makeNodes(plan);
  const scope = {
    ...library,
    K: emitted.constants,
    I: emitted.indexes,
    P: emitted.places,
    B: emitted.builtins.map((one) =>
      one.args.length > 3 || one.variadic ? linkWideBuiltin(one) : linkBuiltin(one),
    ),
    N: nodes,
    replaced: replacing(nodes, builtins),
  };
  // eslint-disable-next-line no-new-func -- the source holds nothing of a policy but JSON strings
  const make = new Function(...Object.keys(scope), `"use strict";\n${emitted.source}`) as (
    ...values: unknown[]
  ) => Linked;
  const linked = make(...Object.values(scope));
  for (const node of nodes) {
    node.run = linked.nodes[node.id];
    node.fill = linked.fills[node.id];
  }
  return { query: linked.query, nodes };
}

interface NamedNode extends RuntimeNode {
  readonly name: string;
}

function makeNodes(plan: Plan): NamedNode[] {
  const nodes = plan.nodes.map(({ id, path, definition }): NamedNode => ({
    id,
    path,
    name: ["data", ...path].join("."),
    children: new Map(),
    isFunction: definition?.kind === "function",
    run: undefined,
    fill: undefined,
  }));
  for (const { id, children } of plan.nodes) {
    for (const [name, child] of children) nodes[id]?.children.set(name, nodes[child] as NamedNode);
  }
  return nodes;
}

/** A call of a function that some `with` replaces: what replaces it (in which nothing is replaced), or itself. */
function replacing(nodes: readonly NamedNode[], builtins: ReadonlyMap<string, Builtin>) {
  const functions = new Map(nodes.map((node) => [node.name, node]));
  return (
    frame: Frame,
    name: string,
    args: readonly RegoValue[],
    at: Location,
    own: () => RegoValue | undefined,
  ) => {
    const replacement = frame.functions.get(name);
    if (!replacement) return own();
    if ("value" in replacement) return replacement.value;
    const node = functions.get(replacement.by);
    const inside = frame.withoutFunctions();
    if (node) return node.run?.(inside, ...args);
    const builtin = builtins.get(replacement.by);
    return builtin && linkWideBuiltin(builtin)(inside, at, ...args);
  };
}

/** What emitted code calls by name. */
const library = {
  addUnique,
  baseValue,
  conflict,
  entries,
  equal,
  everyOf,
  get,
  Groups,
  isMember,
  isObject,
  keyConflict: (): never => {
    throw keyConflict();
  },
  makeObject,
  nodeValue,
  ObjectBuilder,
  objectSize,
  PartialObject,
  RegoSet,
  scanNode,
  select,
  undefinedRule,
};

const conflicts = {
  complete: "complete rules must not produce multiple outputs",
  function: "functions must not produce multiple outputs for same inputs",
};

function conflict(kind: "complete" | "function", at: Location): never {
  throw new EvaluationError("eval_conflict_error", conflicts[kind], at);
}

function addUnique(builder: ObjectBuilder, key: RegoValue, value: RegoValue, at: Location): void {
  const known = builder.get(key);
  if (known !== undefined && !equal(known, value)) {
    throw new EvaluationError("eval_conflict_error", "object keys must be unique", at);
  }
  builder.set(key, value);
}

function makeObject(items: readonly (readonly [RegoValue, RegoValue])[], _at: Location): AnyObject {
  const builder = new ObjectBuilder();
  for (const [key, value] of items) builder.set(key, value);
  return builder.build();
}

/** What `every` goes through; undefined for what is no collection. */
function everyOf(value: RegoValue): ReturnType<typeof entries> | undefined {
  return typeof value === "object" && value !== null ? entries(value) : undefined;
}
