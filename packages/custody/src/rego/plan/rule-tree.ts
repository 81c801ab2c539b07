import type { Module, Rule } from "../syntax/index.ts";
import { termText } from "../values/index.ts";
import { pathKey, pathName } from "../values/path-name.ts";
import type { NodeId } from "./plan.ts";

/** A place in the tree of rules, while it is built. */
export class TreeNode {
  readonly id: NodeId;
  readonly path: readonly string[];
  readonly children = new Map<string, TreeNode>();
  readonly rules: PlacedRule[] = [];

  constructor(id: NodeId, path: readonly string[]) {
    this.id = id;
    this.path = path;
  }

  get name(): string {
    return ["data", ...this.path.map((name) => termText(pathKey(name)).replace(/^"(.*)"$/, "$1"))].join(".");
  }

  get isFunction(): boolean {
    return this.rules.some(({ rule }) => rule.head.args !== undefined);
  }
}

export interface PlacedRule {
  readonly rule: Rule;
  readonly module: Module;
}

/** Where every rule stands below `data`: packages, names, and the constant beginnings of reference heads. */
export class RuleTree {
  readonly nodes: TreeNode[] = [];
  readonly root: TreeNode;

  constructor() {
    this.root = this.#make([]);
  }

  #make(path: readonly string[]): TreeNode {
    const node = new TreeNode(this.nodes.length, path);
    this.nodes.push(node);
    return node;
  }

  add(placed: PlacedRule): void {
    this.makeNode([...placed.module.package, ...constantPrefix(placed.rule)]).rules.push(placed);
  }

  /** The node at a path, made where it is not there yet. */
  makeNode(path: readonly string[]): TreeNode {
    let node = this.root;
    for (const name of path) {
      const child = node.children.get(name) ?? this.#make([...node.path, name]);
      node.children.set(name, child);
      node = child;
    }
    return node;
  }

  find(path: readonly string[]): TreeNode | undefined {
    let node: TreeNode | undefined = this.root;
    for (const name of path) node = node?.children.get(name);
    return node;
  }

  /** The function of a full name: `data.p.f`. */
  findFunction(name: string): TreeNode | undefined {
    const [root, ...path] = name.split(".");
    const node = root === "data" ? this.find(path) : undefined;
    return node?.isFunction ? node : undefined;
  }
}

/** The names that a head begins with; what follows is found while the rule is evaluated. */
export function constantPrefix({ head }: Rule): readonly string[] {
  const names: string[] = [];
  for (const [i, term] of head.ref.entries()) {
    if (i === 0 && term.kind === "var") names.push(term.name);
    else if (term.kind === "scalar") names.push(pathName(term.value));
    else break;
  }
  return names;
}
