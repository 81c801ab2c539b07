import { BuiltinError } from "../builtin.ts";
import { at, children, text, texts, tree } from "./document.ts";
import type { Tree } from "./document.ts";

/** A schema with its extensions merged, checked or not. */
export interface Schema {
  readonly types: ReadonlyMap<string, Tree>;
  readonly directives: ReadonlyMap<string, Tree>;
  /** The types that queries, mutations and subscriptions start at. */
  readonly roots: Readonly<Record<string, string>>;
  /** The document's own directives, one list for each place. */
  readonly schemaDirectives: readonly Tree[];
}

/** Directives that a schema may define again. */
const redefinable = new Set(["include", "skip", "deprecated", "specifiedBy", "defer", "oneOf"]);

/**
 * The schema of a document on top of the prelude, in gqlparser's way: extensions may extend what is not there.
 *
 * @throws BuiltinError
 */
export function buildSchema(document: Tree, prelude: Tree): Schema {
  const types = new Map<string, Tree>();
  for (const definition of both(prelude, document, "Definitions")) addType(types, definition);
  for (const extension of children(document, "Extensions")) extend(types, extension);
  const directives = new Map<string, Tree>();
  for (const directive of both(prelude, document, "Directives")) addDirective(directives, directive);
  const entries = [...children(document, "Schema"), ...children(document, "SchemaExtension")];
  if (children(document, "Schema").length > 1)
    throw schemaFault(
      "Cannot have multiple schema entry points, consider schema extensions instead.",
      children(document, "Schema")[1],
    );
  const roots = rootsOf(entries, types);
  const inferred = children(document, "Schema").length === 0 ? inferredRoots(types) : {};
  return { types, directives, roots: { ...inferred, ...roots }, schemaDirectives: entries };
}

function both(prelude: Tree, document: Tree, name: string): readonly Tree[] {
  return [...children(prelude, name), ...children(document, name)];
}

function addType(types: Map<string, Tree>, definition: Tree): void {
  const name = text(definition, "Name");
  if (types.has(name)) throw schemaFault(`Cannot redeclare type ${name}.`, definition);
  types.set(name, definition);
}

function extend(types: Map<string, Tree>, extension: Tree): void {
  const name = text(extension, "Name");
  const kind = text(extension, "Kind");
  const base = types.get(name) ?? tree({ Kind: kind, Name: name, BuiltIn: false }, extension[at]);
  const baseKind = text(base, "Kind");
  if (baseKind !== kind)
    throw schemaFault(
      `Cannot extend type ${name} because the base type is a ${baseKind}, not ${kind}.`,
      extension,
    );
  const merged = ["Directives", "Interfaces", "Fields", "Types", "EnumValues"].map(
    (list) => [list, [...children(base, list), ...children(extension, list)]] as const,
  );
  types.set(name, { ...base, ...tree(Object.fromEntries(merged)) });
}

function addDirective(directives: Map<string, Tree>, directive: Tree): void {
  const name = text(directive, "Name");
  if (directives.has(name) && !redefinable.has(name))
    throw schemaFault(`Cannot redeclare directive ${name}.`, directive);
  directives.set(name, directive);
}

function rootsOf(entries: readonly Tree[], types: ReadonlyMap<string, Tree>): Record<string, string> {
  const roots: Record<string, string> = {};
  for (const root of entries.flatMap((entry) => children(entry, "OperationTypes"))) {
    const [operation, type] = [text(root, "Operation"), text(root, "Type")];
    if (!types.has(type))
      throw schemaFault(`Schema root ${operation} refers to a type ${type} that does not exist.`, root);
    roots[operation] = type;
  }
  return roots;
}

function inferredRoots(types: ReadonlyMap<string, Tree>): Record<string, string> {
  const names = { query: "Query", mutation: "Mutation", subscription: "Subscription" };
  return Object.fromEntries(Object.entries(names).filter(([, type]) => types.has(type)));
}

/** The names of types that a type may stand for: those that implement it, and a union's members. */
export function possibleTypes(schema: Schema, name: string): readonly string[] {
  const own = schema.types.get(name);
  const implementing = [...schema.types.values()].filter((type) => texts(type, "Interfaces").includes(name));
  return [...(own ? texts(own, "Types") : []), ...implementing.map((type) => text(type, "Name"))];
}

/** An error of a schema in OPA's words, with the place if there is one. */
export function schemaFault(message: string, node?: Tree): BuiltinError {
  const place = node?.[at];
  const where = place ? `:${place.line}:${place.column}` : "";
  return new BuiltinError(
    `Error in gqlparser SchemaDocument to Schema conversion: input${where}: ${message}`,
  );
}
