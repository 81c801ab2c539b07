import { RegoFault } from "../faults.ts";
import { equal, isObject, kindOf, objectEntries, ObjectBuilder } from "../values/index.ts";
import type { AnyObject, RegoValue } from "../values/index.ts";
import { entries, get } from "./access.ts";
import { EvaluationError } from "./errors.ts";
import { undefinedRule } from "./frame.ts";
import type { Frame } from "./frame.ts";

/** A node of the tree of rules, ready to run. */
export interface RuntimeNode {
  readonly id: number;
  readonly path: readonly string[];
  readonly children: Map<string, RuntimeNode>;
  readonly isFunction: boolean;
  /** The value of the node's own rules. */
  run: ((frame: Frame, ...args: RegoValue[]) => RegoValue | undefined) | undefined;
}

/** The whole document of a node. */
export function nodeValue(frame: Frame, node: RuntimeNode): RegoValue | undefined {
  if (isReplaced(frame, node)) return baseValue(frame, node.path);
  if (node.children.size === 0 && node.run) return node.isFunction ? undefined : node.run(frame);
  const known = frame.memo[node.id];
  if (known !== undefined) return known === undefinedRule ? undefined : known;
  const value = wholeValue(frame, node);
  frame.memo[node.id] = value ?? undefinedRule;
  return value;
}

/** Something that is replaced stands at the node or above it: its rules do not count. */
function isReplaced({ replaced }: Frame, { path }: RuntimeNode): boolean {
  return replaced.some((other) => other.length <= path.length && other.every((name, i) => name === path[i]));
}

/** What data has at a path. */
export function baseValue(frame: Frame, path: readonly string[]): RegoValue | undefined {
  let value: RegoValue | undefined = frame.data;
  for (const name of path) {
    if (value === undefined) return undefined;
    value = get(value, name);
  }
  return value;
}

/** What the rules below say, laid over what data has there. */
function wholeValue(frame: Frame, node: RuntimeNode): RegoValue | undefined {
  const own = node.run?.(frame);
  const parts = new ObjectBuilder();
  const base = node.run ? undefined : baseValue(frame, node.path);
  if (base !== undefined && isObject(base)) addAll(parts, base);
  if (own !== undefined && isObject(own)) addAll(parts, own);
  for (const [name, child] of node.children) {
    const value = nodeValue(frame, child);
    if (value !== undefined) addChild(parts, name, value, own);
  }
  return parts.build();
}

function addAll(parts: ObjectBuilder, object: AnyObject): void {
  for (const [key, value] of objectEntries(object)) parts.set(key, value);
}

function addChild(parts: ObjectBuilder, name: string, value: RegoValue, own: RegoValue | undefined): void {
  const other = own === undefined ? undefined : get(own, name);
  if (other !== undefined && !equal(other, value)) throw keyConflict();
  parts.set(name, value);
}

export function keyConflict(): EvaluationError {
  return new EvaluationError("eval_conflict_error", "object keys must be unique", undefined);
}

/** One document below a node: its keys along the pattern, and its value. */
export interface Found {
  readonly keys: readonly RegoValue[];
  readonly value: RegoValue;
}

/** Every document below a node along a pattern; undefined in the pattern stands for any key. */
export function scanNode(
  frame: Frame,
  node: RuntimeNode,
  pattern: readonly (RegoValue | undefined)[],
): readonly Found[] {
  const found: Found[] = [];
  new NodeScan(frame, pattern, found).node(node, []);
  return found;
}

class NodeScan {
  readonly #frame: Frame;
  readonly #pattern: readonly (RegoValue | undefined)[];
  readonly #found: Found[];

  constructor(frame: Frame, pattern: readonly (RegoValue | undefined)[], found: Found[]) {
    this.#frame = frame;
    this.#pattern = pattern;
    this.#found = found;
  }

  node(node: RuntimeNode, keys: readonly RegoValue[]): void {
    this.#frame.evaluation.spend(1);
    const isWhole =
      keys.length === this.#pattern.length || node.run !== undefined || isReplaced(this.#frame, node);
    if (isWhole) return this.#value(nodeValue(this.#frame, node), keys);
    const key = this.#pattern[keys.length];
    if (key !== undefined) this.#child(node, key, keys);
    else for (const each of this.#keysOf(node)) this.#child(node, each, keys);
  }

  #keysOf(node: RuntimeNode): readonly RegoValue[] {
    const base = baseValue(this.#frame, node.path);
    const names = new ObjectBuilder();
    if (base !== undefined && isObject(base)) addAll(names, base);
    for (const name of node.children.keys()) names.set(name, null);
    return objectEntries(names.build()).map(([key]) => key);
  }

  #child(node: RuntimeNode, key: RegoValue, keys: readonly RegoValue[]): void {
    const child = typeof key === "string" ? node.children.get(key) : undefined;
    if (child) return this.node(child, [...keys, key]);
    const base = baseValue(this.#frame, node.path);
    if (base !== undefined) this.#value(get(base, key), [...keys, key]);
  }

  #value(value: RegoValue | undefined, keys: readonly RegoValue[]): void {
    if (value === undefined) return;
    this.#frame.evaluation.spend(1);
    if (keys.length === this.#pattern.length) this.#found.push({ keys, value });
    else this.#inside(value, keys);
  }

  #inside(value: RegoValue, keys: readonly RegoValue[]): void {
    const key = this.#pattern[keys.length];
    if (key !== undefined) return this.#value(get(value, key), [...keys, key]);
    const members = entries(value);
    for (const [i, member] of members.values.entries())
      this.#value(member, [...keys, members.keys?.[i] ?? i]);
  }
}

/** A node by its number. */
export function getNode(nodes: readonly RuntimeNode[], id: number): RuntimeNode {
  const node = nodes[id];
  if (!node) throw new RegoFault("rego/internal", `there is no node ${id} of kind ${kindOf(id)}`);
  return node;
}
