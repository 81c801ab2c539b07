import type { TreeNode } from "../plan/rule-tree.ts";
import type { Body, Operator, Term } from "./terms.ts";

/** A rule of the result, to be evaluated beside the modules that it was made from. */
export interface SupportRule {
  readonly isDefault: boolean;
  readonly name: string;
  /** What follows the name in the head. */
  readonly path: readonly Term[];
  readonly args: readonly Term[] | undefined;
  /** The member of a set, or the value. */
  readonly yields: Term;
  readonly isMember: boolean;
  readonly body: Body;
}

/** The rules of a result that stand in one package. */
export interface SupportPackage {
  readonly path: readonly string[];
  readonly rules: SupportRule[];
}

/** The packages below which all rules of results stand. */
export const namespace = "partial";

/** The rules of a result, by the packages that they stand in. */
export class Support {
  readonly packages = new Map<string, SupportPackage>();
  readonly #made = new Map<TreeNode, boolean>();

  add(path: readonly string[], rule: SupportRule): void {
    const key = JSON.stringify(path);
    const found = this.packages.get(key) ?? { path, rules: new Array<SupportRule>() };
    found.rules.push(rule);
    this.packages.set(key, found);
  }

  /** True when there are rules for a node; they are made when they are asked for first. */
  has(node: TreeNode, make: () => boolean): boolean {
    const made = this.#made.get(node);
    if (made !== undefined) return made;
    this.#made.set(node, true);
    const isDefined = make();
    this.#made.set(node, isDefined);
    return isDefined;
  }
}

/** Where the rules for a node stand: `["data", "partial", "t", "allow"]`. */
export function supportPath(names: readonly string[]): Operator {
  return ["data", namespace, ...names];
}
