import type { RegoValue } from "custody/rego";

import { GatekeeperFault } from "./faults.ts";
import { apiVersionOf, isNamespace, parseKubernetesObject } from "./kubernetes-object.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";

type Tree = Map<string, Tree | RegoValue>;

/** The objects that templates may refer to: `data.inventory`, and the Namespaces among them. */
export class Inventory {
  readonly #tree: Tree = new Map();
  readonly #namespaces = new Map<string, KubernetesObject>();
  #document: RegoValue | undefined;

  /**
   * Adds an object, in the place of an earlier one of that name.
   *
   * @throws GatekeeperFault `gatekeeper/object`.
   */
  add(value: RegoValue): void {
    const object = parseKubernetesObject(value);
    if (object.kind.version === "") {
      throw new GatekeeperFault("gatekeeper/object", `${object.kind.kind} ${object.name} has no apiVersion`);
    }
    place(this.#tree, pathOf(object), value);
    if (isNamespace(object)) this.#namespaces.set(object.name, object);
    this.#document = undefined;
  }

  findNamespace(name: string): KubernetesObject | undefined {
    return this.#namespaces.get(name);
  }

  /** `{cluster: {GROUP/VERSION: {KIND: {NAME: …}}}, namespace: {NAMESPACE: …}}`. */
  get document(): RegoValue {
    this.#document ??= documentOf(this.#tree);
    return this.#document;
  }
}

function pathOf(object: KubernetesObject): readonly string[] {
  const scope = object.namespace === "" ? ["cluster"] : ["namespace", object.namespace];
  return [...scope, apiVersionOf(object.kind), object.kind.kind, object.name];
}

function place(tree: Tree, [name = "", ...rest]: readonly string[], value: RegoValue): void {
  if (rest.length === 0) {
    tree.set(name, value);
    return;
  }
  const known = tree.get(name);
  const inner: Tree = known instanceof Map ? known : new Map();
  tree.set(name, inner);
  place(inner, rest, value);
}

function documentOf(tree: Tree): RegoValue {
  return Object.fromEntries(
    [...tree].map(([name, inner]) => [name, inner instanceof Map ? documentOf(inner) : inner]),
  );
}
