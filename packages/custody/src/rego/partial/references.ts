import { baseValue, entries, get, scanNode } from "../runtime/index.ts";
import type { RuntimeNode } from "../runtime/index.ts";
import type { TreeNode } from "../plan/rule-tree.ts";
import { RegoSet } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import { pathKey, pathName } from "../values/path-name.ts";
import { joined } from "./map-terms.ts";
import type { Machine, Next } from "./machine.ts";
import { known, variable } from "./terms.ts";
import type { Place, Reference, Term } from "./terms.ts";
import { membersOf } from "./unify.ts";
import { rootOf } from "./unknowns.ts";

/** What is looked for: the rest of a path, and the term that its value is unified with. */
export interface Wanted {
  readonly path: readonly Term[];
  readonly result: Term;
  readonly place: Place;
}

/** Goes on in the rules at a node; `depth` of the path's parts lead to it. */
export type InRules = (node: TreeNode, depth: number, wanted: Wanted, next: Next) => void;

/** Looks references up: in what is known by the ordinary evaluator, in rules by their bodies. */
export class References {
  readonly #machine: Machine;
  readonly #inRules: InRules;

  constructor(machine: Machine, inRules: InRules) {
    this.#machine = machine;
    this.#inRules = inRules;
  }

  /** Every value of a reference that is not itself unknown. */
  find(ref: Reference, result: Term, place: Place, next: Next): void {
    const wanted = { path: ref.path, result, place };
    const root = rootOf(ref);
    if (root === "data") return this.#inData(wanted, next);
    if (root === undefined) return this.inside(ref.head, wanted, next);
    const { input } = this.#machine.frame;
    if (input !== undefined) this.inside(known(input), wanted, next);
  }

  #inData(wanted: Wanted, next: Next): void {
    const { bindings, unknowns } = this.#machine;
    const path = wanted.path.map((part) => bindings.plug(part));
    if (!unknowns.ofReference("data", path)) return this.#known({ ...wanted, path }, next);
    if (unknowns.reaches("data", path)) return this.save({ ...wanted, path }, next);
    this.#fromNode(this.#machine.tree.root, 0, { ...wanted, path }, next);
  }

  #fromNode(node: TreeNode, depth: number, wanted: Wanted, next: Next): void {
    if (node.rules.length > 0) return this.#inRules(node, depth, wanted, next);
    const part = wanted.path[depth];
    if (part === undefined) return this.save(wanted, next);
    if (part.kind !== "known") return this.#enumerate(node, depth, wanted, next);
    const child = isName(part.value) ? node.children.get(pathName(part.value)) : undefined;
    if (child) this.#fromNode(child, depth + 1, wanted, next);
    else this.save(wanted, next);
  }

  /** Every key of a package takes the place of a variable, one after the other. */
  #enumerate(node: TreeNode, depth: number, wanted: Wanted, next: Next): void {
    const { frame, unknowns } = this.#machine;
    if (unknowns.isDisabled("data", wanted.path.slice(0, depth))) return this.save(wanted, next);
    const base = baseValue(frame, node.path);
    const keys = new RegoSet(base === undefined ? [] : keysOf(base));
    for (const name of node.children.keys()) keys.add(pathKey(name));
    for (const key of keys.sorted()) {
      frame.evaluation.spend(1);
      const part = wanted.path[depth] as Term;
      const path = wanted.path.with(depth, known(key));
      this.#machine.unify(known(key), part, wanted.place, () => this.#inData({ ...wanted, path }, next));
    }
  }

  #known({ path, result, place }: Wanted, next: Next): void {
    const { frame, nodes } = this.#machine;
    const pattern = path.map((part) => (part.kind === "known" ? part.value : undefined));
    for (const { keys, value } of scanNode(frame, nodes[0] as RuntimeNode, pattern)) {
      const open = path.flatMap((part, i) =>
        part.kind === "known" ? [] : [[known(keys[i] as RegoValue), part] as const],
      );
      this.each(open, place, () => this.#machine.unify(known(value), result, place, next));
    }
  }

  /** The ways in which all pairs are equal. */
  each([pair, ...rest]: readonly (readonly [Term, Term])[], place: Place, next: Next): void {
    if (!pair) return next();
    this.#machine.unify(pair[0], pair[1], place, () => this.each(rest, place, next));
  }

  /** The rest of a path inside of a value, of which parts may be unknown. */
  inside(term: Term, wanted: Wanted, next: Next): void {
    const { bindings, saves } = this.#machine;
    const [first, ...rest] = wanted.path;
    if (!first) return this.#machine.unify(term, wanted.result, wanted.place, next);
    const whole = bindings.walk(term);
    if (whole.kind === "var" && saves.has(whole.name)) {
      return this.#machine.saveEquality(joined(whole, wanted.path), wanted.result, wanted.place, next);
    }
    const part = bindings.plug(first);
    if (part.kind === "known" && whole.kind === "known") {
      const value = get(whole.value, part.value);
      if (value !== undefined) this.inside(known(value), { ...wanted, path: rest }, next);
      return;
    }
    for (const [key, value] of membersOf(whole) ?? []) {
      this.#machine.frame.evaluation.spend(1);
      this.#machine.unify(key, part, wanted.place, () => this.inside(value, { ...wanted, path: rest }, next));
    }
  }

  /** Leaves a reference below `data` to the evaluation of the result. */
  save({ path, result, place }: Wanted, next: Next): void {
    this.#machine.saveEquality(joined(variable("data"), path), result, place, next);
  }
}

function isName(value: RegoValue): boolean {
  return typeof value !== "object" || value === null;
}

function keysOf(value: RegoValue): readonly RegoValue[] {
  const { keys, values } = entries(value);
  return keys ?? values.map((_, i) => i);
}
