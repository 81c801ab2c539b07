import type { Builtin } from "../builtins/builtin.ts";
import { EvaluationError, entries, linkWideBuiltin } from "../runtime/index.ts";
import type { Frame, RuntimeNode } from "../runtime/index.ts";
import type { Plan } from "../plan/plan.ts";
import type { Location } from "../syntax/index.ts";
import { equal, ObjectBuilder } from "../values/index.ts";
import type { AnyObject, RegoValue } from "../values/index.ts";

/* What both back ends do the same way. */

/** Calls `found` for every answer, with the values of the bindings and of the expressions. */
type Found = (bindings: readonly RegoValue[], expressions: readonly RegoValue[]) => void;

/** A program, ready to run. */
export interface Program {
  readonly query: (frame: Frame, found: Found) => void;
  readonly nodes: readonly RuntimeNode[];
}

export interface NamedNode extends RuntimeNode {
  readonly name: string;
}

/** A node of the tree of rules, without what it does. */
export interface NodeOutline {
  readonly path: readonly string[];
  readonly isFunction: boolean;
  readonly children: readonly (readonly [name: string, node: number])[];
}

/** The tree of a plan; the number of a node is its place. */
export function outlineOf({ nodes }: Plan): NodeOutline[] {
  return nodes.map(({ path, children, definition }) => ({
    path,
    isFunction: definition?.kind === "function",
    children: [...children],
  }));
}

/** The nodes of a tree, not yet able to run. */
export function makeNodes(outline: readonly NodeOutline[]): NamedNode[] {
  const nodes = outline.map(({ path, isFunction }, id): NamedNode => ({
    id,
    path,
    name: ["data", ...path].join("."),
    children: new Map(),
    isFunction,
    run: undefined,
    fill: undefined,
  }));
  for (const [id, { children }] of outline.entries()) {
    for (const [name, child] of children) nodes[id]?.children.set(name, nodes[child] as NamedNode);
  }
  return nodes;
}

/** Something that a `with` may have replaced: its name, what it is asked, and what it would answer itself. */
interface Replaceable {
  readonly name: string;
  readonly args: readonly RegoValue[];
  readonly at: Location;
  readonly own: () => RegoValue | undefined;
}

export type Replacing = (frame: Frame, call: Replaceable) => RegoValue | undefined;

/** A call of a function that some `with` replaces: what replaces it (in which nothing is replaced), or itself. */
export function replacing(nodes: readonly NamedNode[], builtins: ReadonlyMap<string, Builtin>): Replacing {
  const functions = new Map(nodes.map((node) => [node.name, node]));
  return (frame, { name, args, at, own }) => {
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

const conflicts = {
  complete: "complete rules must not produce multiple outputs",
  function: "functions must not produce multiple outputs for same inputs",
};

/** Two rules give different values. */
export function conflict(kind: "complete" | "function", at: Location): never {
  throw new EvaluationError("eval_conflict_error", conflicts[kind], at);
}

/** Sets a key that no other value may have. */
export function addUnique(builder: ObjectBuilder, key: RegoValue, value: RegoValue, at: Location): void {
  const known = builder.get(key);
  if (known !== undefined && !equal(known, value)) {
    throw new EvaluationError("eval_conflict_error", "object keys must be unique", at);
  }
  builder.set(key, value);
}

/** The object of these items; of equal keys the last counts. */
export function makeObject(items: readonly (readonly [RegoValue, RegoValue])[]): AnyObject {
  const builder = new ObjectBuilder();
  for (const [key, value] of items) builder.set(key, value);
  return builder.build();
}

/** What `every` goes through; undefined for what is no collection. */
export function everyOf(value: RegoValue): ReturnType<typeof entries> | undefined {
  return typeof value === "object" && value !== null ? entries(value) : undefined;
}
