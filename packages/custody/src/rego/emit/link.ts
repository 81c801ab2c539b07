import type { Builtin } from "../builtins/builtin.ts";
import type { Plan } from "../plan/plan.ts";
import {
  baseValue,
  entries,
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
import type { RuntimeNode } from "../runtime/index.ts";
import { equal, isObject, ObjectBuilder, objectSize, RegoSet } from "../values/index.ts";
import type { Emitted } from "./javascript.ts";
import { addUnique, conflict, everyOf, makeNodes, makeObject, replacing } from "./library.ts";
import type { Program } from "./library.ts";

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
  // The source holds nothing of a policy but JSON strings.
  // oxlint-disable-next-line typescript/no-implied-eval
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
  keyConflict,
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
