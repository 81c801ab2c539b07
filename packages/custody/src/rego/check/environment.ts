import type { RuleTree, TreeNode } from "../plan/rule-tree.ts";
import type { Body, RefTerm, Term } from "../syntax/index.ts";
import type { RegoType } from "../types.ts";
import type { RegoValue } from "../values/index.ts";
import { pathName } from "../values/path-name.ts";
import { anyType, objectType, selectKey, unionOf, valuesOf } from "./algebra.ts";
import type { Known } from "./algebra.ts";

/** What is known of the documents: of each rule, once it was checked, and of the input. */
export interface DocumentTypes {
  readonly tree: RuleTree;
  readonly rules: ReadonlyMap<TreeNode, Known>;
  readonly functionOf: (name: string) => Known;
  /** Types that schemas give, by path: `input`, `data.users`. */
  readonly schemas: ReadonlyMap<string, RegoType>;
}

/** The types of the variables of one rule. */
export class TypeEnvironment {
  readonly documents: DocumentTypes;
  readonly #locals: Map<string, RegoType>;
  /** The environments of the bodies inside, once these were checked. */
  readonly #closures: Map<Body, TypeEnvironment>;

  constructor(documents: DocumentTypes, around?: TypeEnvironment) {
    this.documents = documents;
    this.#locals = new Map(around ? around.#locals : []);
    this.#closures = around ? around.#closures : new Map<Body, TypeEnvironment>();
  }

  /** The environment of a body inside: what it binds is its own. */
  inner(body: Body): TypeEnvironment {
    const made = new TypeEnvironment(this.documents, this);
    this.#closures.set(body, made);
    return made;
  }

  #in(body: Body): TypeEnvironment {
    return this.#closures.get(body) ?? this;
  }

  find(name: string): Known {
    return this.#locals.get(name);
  }

  set(name: string, type: RegoType): void {
    this.#locals.set(name, type);
  }

  /** The type of a term; undefined while a variable in it has none. */
  typeOf(term: Term): Known {
    switch (term.kind) {
      case "scalar":
        return scalarType(term.value);
      case "var":
        return this.find(term.name);
      case "ref":
        return this.#typeOfRef(term);
      case "array":
        return this.#all(term.items, (items) => ({ type: "array", static: items }));
      case "set":
        return this.#all(term.items, (items) => ({
          type: "set",
          of: items.reduce<Known>(unionOf, undefined) ?? anyType,
        }));
      case "object":
        return this.#typeOfObject(term);
      case "array-comprehension":
        return { type: "array", dynamic: this.#in(term.body).typeOf(term.item) ?? anyType };
      case "set-comprehension":
        return { type: "set", of: this.#in(term.body).typeOf(term.item) ?? anyType };
      case "object-comprehension":
        return this.#in(term.body).#objectOf(term.key, term.value);
      default:
        return anyType;
    }
  }

  #objectOf(key: Term, value: Term): RegoType {
    const dynamic = { key: this.typeOf(key) ?? anyType, value: this.typeOf(value) ?? anyType };
    return { type: "object", dynamic };
  }

  #all(terms: readonly Term[], make: (types: readonly RegoType[]) => RegoType): Known {
    const types = terms.map((term) => this.typeOf(term));
    return types.every((type) => type !== undefined) ? make(types) : undefined;
  }

  #typeOfObject(term: Term & { kind: "object" }): Known {
    const constants = term.items.every(([key]) => key.kind === "scalar");
    return this.#all(term.items.flat(), (types) => {
      if (constants)
        return objectType(
          term.items.map(([key], i) => [
            (key as Term & { kind: "scalar" }).value,
            types[i * 2 + 1] ?? anyType,
          ]),
        );
      const [keys, values] = [0, 1].map(
        (odd) => types.filter((_, i) => i % 2 === odd).reduce<Known>(unionOf, undefined) ?? anyType,
      );
      return { type: "object", dynamic: { key: keys ?? anyType, value: values ?? anyType } };
    });
  }

  #typeOfRef({ head, path }: RefTerm): Known {
    const found = this.baseOf(head, path);
    let type: Known = found.type;
    for (const part of path.slice(found.used)) type = type && memberType(type, part);
    return type;
  }

  /** The type of what a reference begins with: a variable, the input, or the rule that its first names lead to. */
  baseOf(head: Term, path: readonly Term[]): { readonly type: Known; readonly used: number } {
    const name = head.kind === "var" ? head.name : undefined;
    if (name === "input") return { type: this.documents.schemas.get("input") ?? anyType, used: 0 };
    if (name !== "data") return { type: this.typeOf(head), used: 0 };
    return this.#document(path);
  }

  #document(path: readonly Term[]): { type: Known; used: number } {
    let node: TreeNode = this.documents.tree.root;
    for (const [i, part] of path.entries()) {
      const schema = this.documents.schemas.get(["data", ...node.path].join("."));
      if (schema) return { type: schema, used: i };
      if (node.rules.length > 0) return { type: this.#typeOfNode(node), used: i };
      const child = part.kind === "scalar" ? node.children.get(pathName(part.value)) : undefined;
      if (!child) return { type: anyType, used: path.length };
      node = child;
    }
    return { type: this.#typeOfNode(node), used: path.length };
  }

  /** Several rules make one object where some stand below others: what it holds is not known. */
  #typeOfNode(node: TreeNode): RegoType {
    const isAlone = node.rules.length > 0 && node.children.size === 0;
    return (isAlone ? this.documents.rules.get(node) : undefined) ?? anyType;
  }
}

function scalarType(value: RegoValue): RegoType {
  if (value === null) return { type: "null" };
  return { type: typeof value === "object" ? "number" : (typeof value as "string") };
}

/** The type of the members that a part of a reference leads to. */
export function memberType(type: RegoType, part: Term): Known {
  return part.kind === "scalar" ? selectKey(type, part.value) : valuesOf(type);
}
