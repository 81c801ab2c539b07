import { BuiltinError } from "../builtin.ts";
import { tree } from "./document.ts";
import type { Tree, TreeValue } from "./document.ts";

/** A field's type: a scalar, a node by its name, or a list of either. */
type FieldType = "string" | "number" | "boolean" | NodeName | readonly ["string" | NodeName];

type NodeName = keyof typeof nodes;

const comment = "CommentGroup";
const heading = {
  Description: "string",
  Directives: ["Directive"],
  BeforeDescriptionComment: comment,
  AfterDescriptionComment: comment,
} as const;

/** The nodes of a document, field by field. */
const nodes = {
  QueryDocument: { Operations: ["Operation"], Fragments: ["Fragment"] },
  Operation: {
    Operation: "string",
    Name: "string",
    VariableDefinitions: ["Variable"],
    Directives: ["Directive"],
    SelectionSet: ["Selection"],
    Comment: comment,
  },
  Variable: {
    Variable: "string",
    Type: "Type",
    DefaultValue: "Value",
    Directives: ["Directive"],
    Used: "boolean",
    Comment: comment,
  },
  Fragment: {
    Name: "string",
    VariableDefinition: ["Variable"],
    TypeCondition: "string",
    Directives: ["Directive"],
    SelectionSet: ["Selection"],
  },
  // Whether a selection is a field, a spread or a fragment shows in the fields that it has.
  Selection: {
    Alias: "string",
    Name: "string",
    TypeCondition: "string",
    Arguments: ["Argument"],
    Directives: ["Directive"],
    SelectionSet: ["Selection"],
    Comment: comment,
  },
  Argument: { Name: "string", Value: "Value", Comment: comment },
  Value: {
    Raw: "string",
    Kind: "number",
    Children: ["Argument"],
    ExpectedTypeHasDefault: "boolean",
    Comment: comment,
  },
  Type: { NamedType: "string", Elem: "Type", NonNull: "boolean" },
  Directive: { Name: "string", Arguments: ["Argument"], Location: "string" },
  SchemaDocument: {
    Schema: ["Schema"],
    SchemaExtension: ["Schema"],
    Directives: ["DirectiveDefinition"],
    Definitions: ["Definition"],
    Extensions: ["Definition"],
    Comment: comment,
  },
  Schema: { ...heading, OperationTypes: ["OperationType"], EndOfDefinitionComment: comment },
  OperationType: { Operation: "string", Type: "string", Comment: comment },
  Definition: {
    ...heading,
    Kind: "string",
    Name: "string",
    Interfaces: ["string"],
    Fields: ["FieldDefinition"],
    Types: ["string"],
    EnumValues: ["FieldDefinition"],
    BuiltIn: "boolean",
    EndOfDefinitionComment: comment,
  },
  FieldDefinition: {
    ...heading,
    Name: "string",
    Arguments: ["FieldDefinition"],
    DefaultValue: "Value",
    Type: "Type",
  },
  DirectiveDefinition: {
    ...heading,
    Name: "string",
    Arguments: ["FieldDefinition"],
    Locations: ["string"],
    IsRepeatable: "boolean",
  },
  CommentGroup: { List: ["Comment"] },
  Comment: { Value: "string" },
} as const satisfies Record<string, Readonly<Record<string, unknown>>>;

const defaults = { string: "", number: 0, boolean: false } as const;

const depthLimit = 500;

/**
 * A document from the value of one. Names that mean nothing are dropped; what is missing is empty.
 *
 * @throws BuiltinError where a value is not what its name says.
 */
export function decodeDocument(value: unknown, type: "QueryDocument" | "SchemaDocument"): Tree {
  return decodeNode(value, type, depthLimit);
}

function decodeNode(value: unknown, type: NodeName, depth: number): Tree {
  if (depth === 0) throw new BuiltinError("document is nested too deep");
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw mismatch(value, type);
  const fields = Object.entries(nodes[type] as Readonly<Record<string, FieldType>>).map(
    ([name, field]) => [name, decodeField((value as Record<string, unknown>)[name], field, depth)] as const,
  );
  return tree(Object.fromEntries(type === "Selection" ? selectionFields(value, fields) : fields));
}

/** A field has an alias, a fragment a selection set; a spread has neither. */
function selectionFields<Entry extends readonly [string, unknown]>(
  value: object,
  fields: readonly Entry[],
): Entry[] {
  const absent =
    "Alias" in value
      ? ["TypeCondition"]
      : "SelectionSet" in value
        ? ["Alias", "Name", "Arguments"]
        : ["Alias", "TypeCondition", "Arguments"];
  return fields.filter(([name]) => !absent.includes(name));
}

function decodeField(value: unknown, type: FieldType, depth: number): TreeValue | undefined {
  const missing = value === undefined || value === null;
  if (typeof type === "object") {
    if (missing) return undefined;
    if (!Array.isArray(value)) throw mismatch(value, "list");
    return value.map((item) => decodeField(item, type[0], depth)).filter((item) => item !== undefined);
  }
  if (type === "string" || type === "number" || type === "boolean") {
    if (missing) return defaults[type];
    if (typeof value === type) return value as string | number | boolean;
    throw mismatch(value, type);
  }
  return missing ? undefined : decodeNode(value, type, depth - 1);
}

function mismatch(value: unknown, type: string): BuiltinError {
  const kind = Array.isArray(value) ? "array" : typeof value;
  return new BuiltinError(`json: cannot unmarshal ${kind} into Go value of type ast.${type}`);
}
