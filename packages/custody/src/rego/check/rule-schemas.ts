import { constantPrefix } from "../plan/rule-tree.ts";
import type { PlacedRule } from "../plan/rule-tree.ts";
import type { Annotation, Module, SchemaAnnotation } from "../syntax/index.ts";
import type { RegoType } from "../types.ts";
import type { RegoValue } from "../values/index.ts";
import { anyType } from "./algebra.ts";
import { schemaType } from "./schema-type.ts";

/** Schemas by the name that annotations call them: `schema.input`, `schema.users`. */
export type Schemas = ReadonlyMap<string, RegoValue>;

/** The types that annotations give documents in a rule: of the rule itself, its document, its package, those around. */
export function ruleSchemas(
  { rule, module }: PlacedRule,
  modules: readonly Module[],
  schemas: Schemas,
): Map<string, RegoType> {
  const found = new Map<string, RegoType>();
  const own = schemas.get("schema.input") ?? schemas.get("schema");
  if (own !== undefined) found.set("input", schemaType(own));
  const path = [...module.package, ...constantPrefix(rule)].join(".");
  const about = modules.flatMap((one) =>
    one.annotations.filter((annotation) => isAbout(annotation, one, { path, module, rule })),
  );
  const rank = { subpackages: 0, package: 1, document: 2, rule: 3 };
  for (const annotation of about.toSorted((a, b) => rank[a.scope] - rank[b.scope])) {
    for (const schema of annotation.schemas) put(found, schema.path, typeOfAnnotation(schema, schemas));
  }
  return found;
}

interface About {
  readonly path: string;
  readonly module: Module;
  readonly rule: PlacedRule["rule"];
}

function isAbout({ scope, statement }: Annotation, owner: Module, { path, module, rule }: About): boolean {
  const own = owner.package.join(".");
  const package_ = module.package.join(".");
  if (scope === "subpackages") return package_ === own || package_.startsWith(`${own}.`);
  if (scope === "package") return package_ === own;
  const target = owner.rules[statement - 1 - owner.imports.length];
  if (!target) return false;
  if (scope === "document") return [...owner.package, ...constantPrefix(target)].join(".") === path;
  return owner === module && target.at.offset === rule.at.offset;
}

function typeOfAnnotation({ schema, definition }: SchemaAnnotation, schemas: Schemas): RegoType {
  const found = definition ?? schemas.get(schema ?? "");
  return found === undefined ? anyType : schemaType(found);
}

/** Puts a type at a path; one below another replaces that part of it. */
function put(types: Map<string, RegoType>, path: string, type: RegoType): void {
  const [root = "", ...names] = path.split(".");
  if (root !== "input" || names.length === 0) types.set(path, type);
  else types.set("input", overridden(types.get("input") ?? anyType, names, type));
}

function overridden(whole: RegoType, [name, ...rest]: readonly string[], type: RegoType): RegoType {
  if (name === undefined) return type;
  const object =
    whole.type === "object" ? whole : { type: "object" as const, dynamic: { key: anyType, value: anyType } };
  const before = object.static?.find(({ key }) => key === name)?.value ?? anyType;
  const others = (object.static ?? []).filter(({ key }) => key !== name);
  return { ...object, static: [...others, { key: name, value: overridden(before, rest, type) }] };
}
