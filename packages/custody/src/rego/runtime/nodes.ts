import { RegoFault } from "../faults.ts";
import { compare, isObject, isSet, objectEntries, ObjectBuilder, RegoNumber } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import { pathKey, pathName } from "../values/path-name.ts";
import { entries, get } from "./access.ts";
import { EvaluationError } from "./errors.ts";
import { undefinedRule } from "./frame.ts";
import type { Frame } from "./frame.ts";
import { below, PartialObject } from "./partial-object.ts";
import type { Fillable } from "./partial-object.ts";

/** A node of the tree of rules, ready to run. */
export interface RuntimeNode {
  readonly id: number;
  readonly path: readonly string[];
  readonly children: Map<string, RuntimeNode>;
  readonly isFunction: boolean;
  /** The value of the node's own rules. */
  run: ((frame: Frame, ...args: RegoValue[]) => RegoValue | undefined) | undefined;
  /** Of rules that make an object: puts what they say into one that is filled by others too. */
  fill: ((frame: Frame, object: Fillable) => void) | undefined;
}

/** The whole document of a node. */
export function nodeValue(frame: Frame, node: RuntimeNode): RegoValue | undefined {
  if (isReplaced(frame, node)) return baseValue(frame, node.path);
  if (node.children.size === 0 && node.run) return node.isFunction ? undefined : node.run(frame);
  const known = frame.memo[node.id];
  if (known !== undefined) return known === undefinedRule ? undefined : known;
  const value = wholeValue(frame, node);
  frame.memo[node.id] = value === undefined ? undefinedRule : value;
  return value;
}

/** Something that is replaced stands at the node or above it: its rules do not count. */
function isReplaced({ replaced }: Frame, { path }: RuntimeNode): boolean {
  return replaced.some((other) => other.length <= path.length && other.every((name, i) => name === path[i]));
}

/** The document at a path below `data`; undefined where there is none, or a function. */
export function documentAt(
  frame: Frame,
  nodes: readonly RuntimeNode[],
  path: readonly string[],
): RegoValue | undefined {
  let node = getNode(nodes, 0);
  for (const [depth, name] of path.entries()) {
    const child = node.children.get(name);
    if (!child)
      return valueAt(node.run ? nodeValue(frame, node) : baseValue(frame, node.path), path.slice(depth));
    node = child;
  }
  return nodeValue(frame, node);
}

function valueAt(whole: RegoValue | undefined, path: readonly string[]): RegoValue | undefined {
  let value = whole;
  for (const name of path) {
    if (value === undefined) return undefined;
    value = get(value, pathKey(name));
  }
  return value;
}

/** What data has at a path. */
export function baseValue(frame: Frame, path: readonly string[]): RegoValue | undefined {
  return valueAt(frame.data, path);
}

/** What the rules at a node and below it say. */
function wholeValue(frame: Frame, node: RuntimeNode): RegoValue | undefined {
  if (!node.fill) return documentOf(frame, node);
  const object = new PartialObject(keyConflict);
  fillFrom(frame, node, object);
  return object.build();
}

/** Several rules make one object, keys of one within those of another: `p[x].y contains z` and `p.b.y contains 1`. */
function fillFrom(frame: Frame, node: RuntimeNode, object: Fillable): void {
  node.fill?.(frame, object);
  for (const [name, child] of node.children) {
    if (child.fill || !child.run) fillFrom(frame, child, below(object, pathKey(name)));
    else fillWhole(nodeValue(frame, child), pathKey(name), object);
  }
}

function fillWhole(value: RegoValue | undefined, name: RegoValue, object: Fillable): void {
  if (value === undefined) return;
  if (isSet(value)) for (const member of value) object.insertMember([name], member);
  else object.insert([name], value);
}

/** A package: what data has there, and the rules besides it; what both have is data's, unless both are objects. */
function documentOf(frame: Frame, node: RuntimeNode): RegoValue {
  const base = baseValue(frame, node.path);
  const document = new ObjectBuilder();
  for (const [name, child] of node.children) {
    const value = nodeValue(frame, child);
    if (value !== undefined) document.set(pathKey(name), value);
  }
  for (const [key, value] of base !== undefined && isObject(base) ? objectEntries(base) : []) {
    const child = childAt(node, key);
    if (!child || child.run || child.children.size === 0) document.set(key, value);
  }
  return document.build();
}

/** Two rules give one key different values. */
export function keyConflict(): never {
  throw new EvaluationError("eval_conflict_error", "object keys must be unique", undefined);
}

function childAt(node: RuntimeNode, key: RegoValue): RuntimeNode | undefined {
  const isScalar = typeof key !== "object" || key === null || key instanceof RegoNumber;
  return isScalar && node.children.size > 0 ? node.children.get(pathName(key)) : undefined;
}

function keysOfValue(value: RegoValue): readonly RegoValue[] {
  const { keys, values } = entries(value);
  return keys ?? values.map((_, i) => i);
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

  /** The keys that data has, then those of rules: a key of both comes twice, as in OPA. */
  #keysOf(node: RuntimeNode): readonly RegoValue[] {
    const base = baseValue(this.#frame, node.path);
    const names = [...node.children.keys()].map(pathKey).sort(compare);
    return base === undefined ? names : [...keysOfValue(base), ...names];
  }

  #child(node: RuntimeNode, key: RegoValue, keys: readonly RegoValue[]): void {
    const child = childAt(node, key);
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
      this.#value(member, [...keys, members.keys === undefined ? i : (members.keys[i] as RegoValue)]);
  }
}

function getNode(nodes: readonly RuntimeNode[], id: number): RuntimeNode {
  const node = nodes[id];
  if (!node) throw new RegoFault("rego/internal", `there is no node ${id}`);
  return node;
}
