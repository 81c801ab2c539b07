import { refsOfRule } from "../compile/visit.ts";
import type { RuleTree, TreeNode } from "../plan/rule-tree.ts";
import type * as Ast from "../syntax/index.ts";
import { equal } from "../values/index.ts";
import { pathKey, pathName } from "../values/path-name.ts";
import { known } from "./terms.ts";
import type { Operator, Reference, Term } from "./terms.ts";

/** A path from `input` or `data`. */
export type DocumentPath = readonly string[];

export interface UnknownSettings {
  readonly tree: RuleTree;
  /** What is not known yet: `["input"]`, `["data", "users"]`. */
  readonly unknowns: readonly DocumentPath[];
  /** Documents that are not to be worked out, but to be referred to. */
  readonly disabled: readonly DocumentPath[];
  /** True for builtins that are left to the evaluation of the result. */
  readonly isLeft: (name: string) => boolean;
  /** What a `with` has given values: it is known, and so is all below it. */
  readonly replaced?: readonly DocumentPath[];
}

/** Which documents, rules and functions depend on what is unknown. */
export class Unknowns {
  readonly #settings: UnknownSettings;
  readonly #nodes = new Map<TreeNode, boolean>();
  readonly #inner = new Map<string, Unknowns>();

  constructor(settings: UnknownSettings) {
    this.#settings = settings;
  }

  /** The same, where some paths have been given values. */
  without(replaced: readonly DocumentPath[]): Unknowns {
    const key = JSON.stringify(replaced);
    const made =
      this.#inner.get(key) ?? new Unknowns({ ...this.#settings, replaced: [...this.#replaced, ...replaced] });
    this.#inner.set(key, made);
    return made;
  }

  get #replaced(): readonly DocumentPath[] {
    return this.#settings.replaced ?? [];
  }

  /** True when the reference may reach what is itself unknown. A variable stands for any key. */
  reaches(root: string, path: readonly Term[]): boolean {
    if (this.#replaced.some((other) => mustMeet(other, root, path))) return false;
    return this.#settings.unknowns.some((unknown) => mayMeet(unknown, root, path));
  }

  /** True when a document is not to be worked out. */
  isDisabled(root: string, path: readonly Term[]): boolean {
    return this.#settings.disabled.some((other) => mayMeet(other, root, path));
  }

  isNodeDisabled({ path }: TreeNode): boolean {
    return this.isDisabled(
      "data",
      path.map((name) => known(pathKey(name))),
    );
  }

  /** True when the reference, or a rule that it may reach, depends on what is unknown. */
  ofReference(root: string, path: readonly Term[]): boolean {
    if (this.reaches(root, path) || this.isDisabled(root, path)) return true;
    return root === "data" && this.#below(this.#settings.tree.root, path, 0);
  }

  ofFunction(operator: Operator): boolean {
    const node = this.#settings.tree.findFunction(operator.join("."));
    if (!node) return this.#settings.isLeft(operator.join("."));
    return this.ofNode(node);
  }

  /** True when the rules at a node depend on what is unknown. */
  ofNode(node: TreeNode): boolean {
    const found = this.#nodes.get(node);
    if (found !== undefined) return found;
    this.#nodes.set(node, false);
    const depends = this.isNodeDisabled(node) || node.rules.some(({ rule }) => this.#ofRule(rule));
    this.#nodes.set(node, depends);
    return depends;
  }

  #ofRule(rule: Ast.Rule): boolean {
    return refsOfRule(rule).some((ref) => this.#ofAst(ref));
  }

  #ofAst({ head, path }: Ast.RefTerm): boolean {
    if (head.kind !== "var") return false;
    if (head.name !== "data" && head.name !== "input") {
      return this.#settings.isLeft([head.name, ...path.map(nameOf)].join("."));
    }
    return this.ofReference(head.name, path.map(keyOf));
  }

  #below(node: TreeNode, path: readonly Term[], at: number): boolean {
    if (node.rules.length > 0 && this.ofNode(node)) return true;
    const part = path[at];
    if (part?.kind !== "known")
      return [...node.children.values()].some((child) => this.#below(child, path, at + 1));
    const { value } = part;
    const child =
      typeof value === "object" && value !== null ? undefined : node.children.get(pathName(value));
    return child !== undefined && this.#below(child, path, at + 1);
  }
}

function nameOf(part: Ast.Term): string {
  return part.kind === "scalar" && typeof part.value === "string" ? part.value : "";
}

function keyOf(part: Ast.Term): Term {
  return part.kind === "scalar" ? known(part.value) : { kind: "var", name: "" };
}

/** True for a reference to the path, or below it. */
function mustMeet([first, ...names]: DocumentPath, root: string, path: readonly Term[]): boolean {
  if (first !== root || path.length < names.length) return false;
  return names.every((name, i) => {
    const part = path[i];
    return part?.kind === "known" && equal(part.value, name);
  });
}

function mayMeet([first, ...names]: DocumentPath, root: string, path: readonly Term[]): boolean {
  if (first !== root) return false;
  return names.every((name, i) => {
    const part = path[i];
    return part?.kind !== "known" || equal(part.value, name);
  });
}

/** A reference below `data` or `input`: which, and the rest; undefined for any other. */
export function rootOf({ head }: Reference): "data" | "input" | undefined {
  return head.kind === "var" && (head.name === "data" || head.name === "input") ? head.name : undefined;
}
