import { quote } from "../../values/index.ts";
import { child, children, text, texts, valueKinds } from "./document.ts";
import type { Tree } from "./document.ts";
import { checkImplements } from "./check-implements.ts";
import { namedType, typeText } from "./type-text.ts";
import { schemaFault } from "./schema.ts";
import type { Schema } from "./schema.ts";

const outputKinds = ["SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM"];
const inputKinds = ["SCALAR", "ENUM", "INPUT_OBJECT"];

/** What directives stand on: where, whether each may stand there once, and inside which directive's own definition. */
interface DirectivePlace {
  readonly location: string;
  readonly once: boolean;
  readonly within?: string | undefined;
}

/**
 * Checks a schema as gqlparser does, which is less than the specification asks (GraphQL §3).
 *
 * @throws BuiltinError for the first thing that is wrong, types in the order of their names.
 */
export function checkSchema(schema: Schema): void {
  for (const entry of schema.schemaDirectives)
    checkDirectives(schema, entry, { location: "SCHEMA", once: true });
  for (const type of sorted(schema.types)) checkType(schema, type);
  for (const directive of sorted(schema.directives)) {
    checkName(directive);
    checkArguments(schema, directive, text(directive, "Name"));
  }
}

function sorted(named: ReadonlyMap<string, Tree>): readonly Tree[] {
  return [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, node]) => node);
}

function checkType(schema: Schema, type: Tree): void {
  for (const field of children(type, "Fields")) checkField(schema, type, field);
  for (const member of texts(type, "Types")) checkMember(schema, type, member);
  for (const name of texts(type, "Interfaces")) checkImplements(schema, type, name);
  checkContents(schema, type);
  checkUnique(type);
  if (type["BuiltIn"] !== true) checkName(type);
  checkDirectives(schema, type, { location: text(type, "Kind"), once: false });
}

function checkField(schema: Schema, type: Tree, field: Tree): void {
  checkName(field);
  typeOf(schema, field);
  checkArguments(schema, field);
  const location = text(type, "Kind") === "INPUT_OBJECT" ? "INPUT_FIELD_DEFINITION" : "FIELD_DEFINITION";
  checkDirectives(schema, field, { location, once: true });
}

function checkMember(schema: Schema, union: Tree, name: string): void {
  const member = schema.types.get(name);
  if (!member) throw schemaFault(`Undefined type ${quote(name)}.`, union);
  if (text(member, "Kind") !== "OBJECT")
    throw schemaFault(`${text(union, "Kind")} type ${quote(name)} must be OBJECT.`, union);
}

function checkContents(schema: Schema, type: Tree): void {
  const kind = text(type, "Kind");
  if (kind === "ENUM") checkEnum(schema, type);
  if (kind !== "OBJECT" && kind !== "INTERFACE" && kind !== "INPUT_OBJECT") return;
  const input = kind === "INPUT_OBJECT";
  const fields = children(type, "Fields");
  const label = `${kind} ${text(type, "Name")}`;
  if (fields.length === 0)
    throw schemaFault(`${label}: must define one or more ${input ? "input " : ""}fields.`, type);
  for (const field of fields) {
    const fieldKind = text(typeOf(schema, field), "Kind");
    const allowed = input ? inputKinds : outputKinds;
    if (allowed.includes(fieldKind)) continue;
    const subject = input ? `${fieldKind} ${text(field, "Name")}` : label;
    throw schemaFault(`${subject}: field must be one of ${allowed.join(", ")}.`, field);
  }
}

function checkEnum(schema: Schema, type: Tree): void {
  const label = `ENUM ${text(type, "Name")}`;
  const values = children(type, "EnumValues");
  if (values.length === 0) throw schemaFault(`${label}: must define one or more unique enum values.`, type);
  for (const value of values) {
    const name = text(value, "Name");
    if (["true", "false", "null"].includes(name))
      throw schemaFault(`${label}: non-enum value ${name}.`, type);
    checkDirectives(schema, value, { location: "ENUM_VALUE", once: true });
  }
}

function checkUnique(type: Tree): void {
  const owner = text(type, "Name");
  const field = findRepeated(children(type, "Fields").map((field) => text(field, "Name")));
  if (field !== undefined) throw schemaFault(`Field ${owner}.${field} can only be defined once.`, type);
  const value = findRepeated(children(type, "EnumValues").map((value) => text(value, "Name")));
  if (value !== undefined) throw schemaFault(`Enum value ${owner}.${value} can only be defined once.`, type);
  const member = findRepeated(texts(type, "Types"));
  if (member !== undefined)
    throw schemaFault(`Union type ${owner} can only include type ${member} once.`, type);
}

function findRepeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

function checkArguments(schema: Schema, owner: Tree, within?: string): void {
  for (const argument of children(owner, "Arguments")) {
    checkName(argument);
    const kind = text(typeOf(schema, argument), "Kind");
    if (!inputKinds.includes(kind)) {
      const type = typeText(child(argument, "Type"));
      throw schemaFault(
        `cannot use ${type} as argument ${text(argument, "Name")} because ${kind} is not a valid input type`,
        argument,
      );
    }
    checkDirectives(schema, argument, { location: "ARGUMENT_DEFINITION", once: true, within });
  }
}

/** The definition of a field's or an argument's type. */
function typeOf(schema: Schema, owner: Tree): Tree {
  const name = namedType(child(owner, "Type"));
  const type = schema.types.get(name);
  if (!type) throw schemaFault(`Undefined type ${name}.`, child(owner, "Type"));
  return type;
}

function checkDirectives(schema: Schema, owner: Tree, { location, once, within }: DirectivePlace): void {
  const seen = new Set<string>();
  for (const directive of children(owner, "Directives")) {
    checkName(directive);
    const name = text(directive, "Name");
    if (name === within) throw schemaFault(`Directive ${name} cannot refer to itself.`, directive);
    const definition = schema.directives.get(name);
    if (!definition) throw schemaFault(`Undefined directive ${name}.`, directive);
    if (once && seen.has(name) && definition["IsRepeatable"] !== true)
      throw schemaFault(`The directive ${name} can only be used once at this location.`, directive);
    seen.add(name);
    if (!texts(definition, "Locations").includes(location))
      throw schemaFault(`Directive ${name} is not applicable on ${location}.`, directive);
    checkDirectiveArguments(directive, definition);
  }
}

function checkDirectiveArguments(directive: Tree, definition: Tree): void {
  const name = text(directive, "Name");
  const given = new Map(
    children(directive, "Arguments").map((argument) => [text(argument, "Name"), argument]),
  );
  const known = children(definition, "Arguments");
  for (const [argument, node] of given) {
    if (!known.some((parameter) => text(parameter, "Name") === argument))
      throw schemaFault(`Undefined argument ${argument} for directive ${name}.`, node);
  }
  for (const parameter of known) {
    if (child(parameter, "Type")?.["NonNull"] !== true || child(parameter, "DefaultValue")) continue;
    const argument = given.get(text(parameter, "Name"));
    if (!argument || child(argument, "Value")?.["Kind"] === valueKinds.null)
      throw schemaFault(
        `Argument ${text(parameter, "Name")} for directive ${name} cannot be null.`,
        directive,
      );
  }
}

function checkName(node: Tree): void {
  const name = text(node, "Name");
  if (name.startsWith("__"))
    throw schemaFault(
      `Name "${name}" must not begin with "__", which is reserved by GraphQL introspection.`,
      node,
    );
}
