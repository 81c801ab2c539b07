/**
 * GraphQL documents in the shape that OPA shows them: the syntax tree of its parser (gqlparser), without positions and
 * without what is empty. Names are that tree's own.
 */
export type Tree = { readonly [name: string]: TreeValue; readonly [at]?: Place };

export type TreeValue = string | number | boolean | Tree | readonly TreeValue[];

/** Where a node begins; a tree that came as a value has none. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Under which a node keeps its place: a symbol, so that no policy sees it. */
export const at: unique symbol = Symbol("place");

/** What a field of a node holds; null and empty lists and objects are left out. */
export type Field = TreeValue | undefined;

/** A node of these fields, without those that are empty. */
export function tree(fields: Readonly<Record<string, Field>>, place?: Place): Tree {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined && !isEmpty(value));
  return { ...(Object.fromEntries(kept) as Record<string, TreeValue>), ...(place && { [at]: place }) };
}

function isEmpty(value: TreeValue): boolean {
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** The nodes under a name, none if it is not there. */
export function children(node: Tree, name: string): readonly Tree[] {
  const value = node[name];
  return Array.isArray(value) ? (value as readonly Tree[]) : [];
}

/** The node under a name. */
export function child(node: Tree, name: string): Tree | undefined {
  const value = node[name];
  return typeof value === "object" && !Array.isArray(value) ? (value as Tree) : undefined;
}

export function text(node: Tree, name: string): string {
  const value = node[name];
  return typeof value === "string" ? value : "";
}

export function texts(node: Tree, name: string): readonly string[] {
  const value = node[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** gqlparser's numbers for kinds of value. */
export const valueKinds = {
  variable: 0,
  int: 1,
  float: 2,
  string: 3,
  block: 4,
  boolean: 5,
  null: 6,
  enum: 7,
  list: 8,
  object: 9,
} as const;
