import type { Body, Comprehension, ObjectTerm, RefTerm, Term } from "../syntax/index.ts";
import { objectOf, RegoSet } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import { RegoFault } from "../faults.ts";
import { pathName } from "../values/path-name.ts";
import { constant } from "./block.ts";
import type { Block } from "./block.ts";
import type { ContextRegister, Operand } from "./plan.ts";
import type { RuleTree, TreeNode } from "./rule-tree.ts";

/** Plans terms: how their values come about, and how values are taken apart by patterns. */
export abstract class TermPlanner {
  protected readonly tree: RuleTree;

  constructor(tree: RuleTree) {
    this.tree = tree;
  }

  /** The body's steps, into a block. */
  /** Plans a body of its own, that of a comprehension, and what stands at its end, past what it yields. */
  protected abstract planInner(body: Body, block: Block, context: ContextRegister): void;
  protected abstract endInner(body: Body, block: Block): void;

  /** The value of a term whose variables are bound. A reference may open loops. */
  planTerm(term: Term, block: Block, context: ContextRegister): Operand {
    switch (term.kind) {
      case "scalar":
        return constant(term.value);
      case "var":
        return block.find(term.name) ?? unbound(term.name);
      case "ref":
        return this.#ref(term, block, context);
      case "array":
      case "set":
        return this.#items(term, block, context);
      case "object":
        return this.#object(term, block, context);
      case "call":
      case "template":
        throw new RegoFault("rego/internal", `a ${term.kind} was not taken out of its term`);
      default:
        return this.#comprehension(term, block, context);
    }
  }

  #items(term: Term & { kind: "array" | "set" }, block: Block, context: ContextRegister): Operand {
    const items = term.items.map((item) => this.planTerm(item, block, context));
    const values = constantsOf(items);
    if (values) return constant(term.kind === "array" ? values : new RegoSet(values));
    const { to, operand } = block.fresh();
    block.add({ op: term.kind, to, items });
    return operand;
  }

  #object(term: ObjectTerm, block: Block, context: ContextRegister): Operand {
    const items = term.items.map(
      ([key, value]) => [this.planTerm(key, block, context), this.planTerm(value, block, context)] as const,
    );
    const values = constantsOf(items.flat());
    if (values && hasDistinctKeys(values)) return constant(objectOf(pairs(values)));
    const { to, operand } = block.fresh();
    block.add({ op: "object", to, items });
    return operand;
  }

  #comprehension(term: Comprehension, block: Block, context: ContextRegister): Operand {
    const inner = block.inner();
    this.planInner(term.body, inner, context);
    const parts = term.kind === "object-comprehension" ? [term.key, term.value] : [term.item];
    const yields = parts.map((part) => this.planTerm(part, inner, context));
    this.endInner(term.body, inner);
    const { to, operand } = block.fresh();
    const makes = term.kind.replace("-comprehension", "") as "array" | "set" | "object";
    block.add({ op: "comprehension", to, makes, body: inner.steps, yields, at: term.at });
    return operand;
  }

  #ref(ref: RefTerm, block: Block, context: ContextRegister): Operand {
    const name = ref.head.kind === "var" ? ref.head.name : undefined;
    if (name === "data") return this.#dataRef(ref, block, context);
    const head = name === "input" ? input(block, context) : this.planTerm(ref.head, block, context);
    return this.#path(head, ref.path, block, context);
  }

  #path(head: Operand, path: readonly Term[], block: Block, context: ContextRegister): Operand {
    let value = head;
    for (const part of path) value = this.#part(value, part, block, context);
    return value;
  }

  #part(from: Operand, part: Term, block: Block, context: ContextRegister): Operand {
    const { to, operand } = block.fresh();
    if (this.isBound(part, block)) {
      block.add({ op: "get", to, from, key: this.planTerm(part, block, context) });
      return operand;
    }
    const key = block.fresh();
    block.add({ op: "scan", from, key: key.to, value: to });
    this.match(part, key.operand, block, context);
    return operand;
  }

  #dataRef(ref: RefTerm, block: Block, context: ContextRegister): Operand {
    let node = this.tree.root;
    for (const [i, part] of ref.path.entries()) {
      if (node.rules.length > 0) return this.#fromNode(node, ref.path.slice(i), block, context);
      const child = part.kind === "scalar" ? node.children.get(pathName(part.value)) : undefined;
      if (!child && isName(part)) return this.#fromBase(ref, block, context);
      if (!child) return this.#scanNode(node, ref.path.slice(i), block, context);
      node = child;
    }
    return this.#fromNode(node, [], block, context);
  }

  #fromNode(node: TreeNode, path: readonly Term[], block: Block, context: ContextRegister): Operand {
    if (node.isFunction) {
      block.add({ op: "fail" });
      return this.#bindAll(path, block, context);
    }
    const { to, operand } = block.fresh();
    block.add({ op: "node", to, context, node: node.id });
    return this.#path(operand, path, block, context);
  }

  /** After a step that fails: the variables that would have been bound are, so that planning can go on. */
  #bindAll(path: readonly Term[], block: Block, context: ContextRegister): Operand {
    for (const part of path) if (!this.isBound(part, block)) this.match(part, constant(null), block, context);
    return constant(null);
  }

  #fromBase(ref: RefTerm, block: Block, context: ContextRegister): Operand {
    const path: string[] = [];
    for (const part of ref.path) {
      if (!isName(part)) break;
      path.push(part.value);
    }
    const { to, operand } = block.fresh();
    block.add({ op: "data", to, context, path });
    return this.#path(operand, ref.path.slice(path.length), block, context);
  }

  #scanNode(node: TreeNode, path: readonly Term[], block: Block, context: ContextRegister): Operand {
    const pattern = path.map((part) =>
      this.isBound(part, block) ? this.planTerm(part, block, context) : undefined,
    );
    const keys = pattern.map((bound) => (bound ? undefined : block.fresh()));
    const { to, operand } = block.fresh();
    block.add({ op: "scanNode", to, context, node: node.id, pattern, keys: keys.map((key) => key?.to) });
    for (const [i, key] of keys.entries()) {
      if (key) this.match(path[i] as Term, key.operand, block, context);
    }
    return operand;
  }

  /** True when every variable of the term is bound. */
  isBound(term: Term, block: Block): boolean {
    switch (term.kind) {
      case "scalar":
        return true;
      case "var":
        return block.find(term.name) !== undefined;
      case "array":
      case "set":
        return term.items.every((item) => this.isBound(item, block));
      case "object":
        return term.items.flat().every((item) => this.isBound(item, block));
      default:
        return true;
    }
  }

  /** Takes a value apart by a pattern: unbound variables are bound, all else has to be equal. */
  match(pattern: Term, value: Operand, block: Block, context: ContextRegister): void {
    if (pattern.kind === "var" && !block.find(pattern.name)) {
      block.bind(pattern.name, value);
    } else if (pattern.kind === "array") {
      this.#matchArray(pattern.items, value, block, context);
    } else if (pattern.kind === "object") {
      this.#matchObject(pattern, value, block, context);
    } else if (pattern.kind === "set" && !this.isBound(pattern, block)) {
      throw new RegoFault("rego/internal", "a set cannot be taken apart");
    } else {
      block.add({ op: "equal", a: this.planTerm(pattern, block, context), b: value });
    }
  }

  #matchArray(items: readonly Term[], value: Operand, block: Block, context: ContextRegister): void {
    block.add({ op: "isArray", from: value, length: items.length });
    for (const [i, item] of items.entries()) {
      const { to, operand } = block.fresh();
      block.add({ op: "get", to, from: value, key: constant(i) });
      this.match(item, operand, block, context);
    }
  }

  #matchObject({ items }: ObjectTerm, value: Operand, block: Block, context: ContextRegister): void {
    block.add({ op: "isObject", from: value, size: items.length });
    for (const [key, item] of items) {
      const { to, operand } = block.fresh();
      block.add({ op: "get", to, from: value, key: this.planTerm(key, block, context) });
      this.match(item, operand, block, context);
    }
  }
}

function input(block: Block, context: ContextRegister): Operand {
  const { to, operand } = block.fresh();
  block.add({ op: "input", to, context });
  return operand;
}

function isName(term: Term): term is Term & { kind: "scalar"; value: string } {
  return term.kind === "scalar" && typeof term.value === "string";
}

function unbound(name: string): never {
  throw new RegoFault("rego/internal", `the variable ${name} is not bound where it is needed`);
}

function constantsOf(operands: readonly Operand[]): readonly RegoValue[] | undefined {
  const values = operands.flatMap((one) => (one.kind === "constant" ? [one.value] : []));
  return values.length === operands.length ? values : undefined;
}

function pairs(values: readonly RegoValue[]): [RegoValue, RegoValue][] {
  const found: [RegoValue, RegoValue][] = [];
  for (let i = 0; i < values.length; i += 2) found.push([values[i] as RegoValue, values[i + 1] as RegoValue]);
  return found;
}

function hasDistinctKeys(values: readonly RegoValue[]): boolean {
  return new RegoSet(values.filter((_, i) => i % 2 === 0)).size === values.length / 2;
}
