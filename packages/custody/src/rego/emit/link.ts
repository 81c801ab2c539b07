import type { Builtin } from "../builtins/builtin.ts";
import type { RuleIndex } from "../plan/rule-index.ts";
import type { Location } from "../syntax/index.ts";
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
import type { RegoValue } from "../values/index.ts";
import { addUnique, conflict, everyOf, makeNodes, makeObject, replacing } from "./library.ts";
import type { NodeOutline, Program } from "./library.ts";

/** What a program's code refers to by number, and the tree of its rules. */
export interface ProgramParts {
  readonly outline: readonly NodeOutline[];
  readonly constants: readonly RegoValue[];
  readonly places: readonly Location[];
  readonly builtins: readonly Builtin[];
  readonly indexes: readonly RuleIndex[];
}

/** What a program's code makes of what it is linked with. */
export interface Linked {
  readonly nodes: Readonly<Record<number, RuntimeNode["run"]>>;
  readonly fills: Readonly<Record<number, RuntimeNode["fill"]>>;
  readonly query: Program["query"];
}

/** A program's code, as it was evaluated from emitted source: it takes everything in {@link linkNames} by name. */
export type LinkableCode = (scope: Readonly<Record<string, unknown>>) => Linked;

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

/** The names that emitted source uses and does not define. */
export const linkNames: readonly string[] = [...Object.keys(library), "K", "I", "P", "B", "N", "replaced"];

/**
 * Makes code a program.
 *
 * @param builtins all that there are: a `with` may put any of them in the place of another.
 */
export function linkCode(
  code: LinkableCode,
  parts: ProgramParts,
  builtins: ReadonlyMap<string, Builtin>,
): Program {
  const nodes = makeNodes(parts.outline);
  const linked = code({
    ...library,
    K: parts.constants,
    I: parts.indexes,
    P: parts.places,
    B: parts.builtins.map((one) =>
      one.args.length > 3 || one.variadic ? linkWideBuiltin(one) : linkBuiltin(one),
    ),
    N: nodes,
    replaced: replacing(nodes, builtins),
  });
  for (const node of nodes) {
    node.run = linked.nodes[node.id];
    node.fill = linked.fills[node.id];
  }
  return { query: linked.query, nodes };
}
